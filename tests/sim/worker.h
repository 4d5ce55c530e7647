// Runs in a process of their own, so that a failed check or an endless loop is an outcome like any
// other, and several go on at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "tests/sim/rare_paths.h"
#include "tests/sim/run.h"

namespace rookery::sim {

// What is left of a run's result on the way between processes.
struct Outcome {
  uint64_t seed = 0;
  uint64_t trace_hash = 0;
  int64_t virtual_us = 0;
  int64_t cpu_us = 0;
  uint64_t requests = 0;
  uint64_t succeeded = 0;
  uint64_t faults = 0;
  Searches searches;
  std::string rare;
  std::string faults_by_kind;
  std::vector<std::string> violations;
};

using PlanOf = std::function<RunPlan(uint64_t seed)>;

// One process that runs `seeds` in turn.
class Worker {
 public:
  Worker(std::vector<uint64_t> seeds, PlanOf plan_of);
  ~Worker();  // ends it
  Worker(const Worker&) = delete;

  // To be polled: readable when Read() has something.
  int fd() const { return fd_; }
  // Takes what is there; calls `take` for each run that ended. False: the worker is done, or died
  // in a run, which is then told as a violation, and the seeds after it are left.
  bool Read(absl::FunctionRef<void(const Outcome&)> take);
  const std::vector<uint64_t>& left() const { return left_; }

 private:
  void Line(const std::string& line, absl::FunctionRef<void(const Outcome&)> take);

  std::vector<uint64_t> left_;
  int fd_ = -1;
  int pid_ = 0;
  std::string buffer_;
  Outcome now_;  // of the run under way
};

// One run.
Outcome RunIsolated(const RunPlan& plan);

}  // namespace rookery::sim
