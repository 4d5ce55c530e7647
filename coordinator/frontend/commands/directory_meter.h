// How large a server's directories are, for the words conf and dirs: measured beside the core,
// since a look at each of many files takes long, and answered as last measured.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

class DirectoryMeter {
 public:
  // From the end of one measurement to the next, or twenty times what it took if that is longer.
  static constexpr int64_t kPeriodUs = 10'000'000;

  // Bytes below a directory; DirectoryBytes, or a test's.
  using Measure = std::function<uint64_t(const std::string& directory)>;

  // Measures once, on this thread. Pointers outlive the meter and its work on `background`.
  DirectoryMeter(Executor* core, BackgroundExecutor* background, const Clock* clock,
                 std::string data_dir, std::string log_dir, Measure measure = DirectoryBytes);
  ~DirectoryMeter();

  // Measures now and then from here on, at once too. Core executor, as the rest.
  void Start();
  const DirectoryFacts& facts() const { return facts_; }

 private:
  void MeasureInBackground();

  Executor* const core_;
  BackgroundExecutor* const background_;
  const Clock* const clock_;
  const std::function<DirectoryFacts()> measure_;
  DirectoryFacts facts_;
  TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::frontend
