// Callers without a session at one server, as the pumps of gRPC's Scan, Watch and unary calls
// (frontend/grpc/pump) bring them to the service: whole subtrees read in slices beside the core,
// nodes that are followed, single reads. Everything they are shown goes into the history.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "coordinator/base/executor.h"
#include "coordinator/base/random.h"
#include "coordinator/service/service.h"
#include "tests/sim/history/recorder.h"

namespace rookery::sim {

struct VisitorsOptions {
  uint32_t server = 0;
  uint64_t seed = 0;
  int64_t period_us = 0;  // between visits, about; 0: only crowds come
  uint32_t library_nodes = 0;
};

// Of one life of a server, on its core executor; ends before the service. Pointers outlive it.
class Visitors {
 public:
  Visitors(const VisitorsOptions& options, Executor* core, BackgroundExecutor* scans,
           service::Service* service, Recorder* recorder);
  ~Visitors();

  // Several readers and a scan come at once.
  void Crowd();
  // One write; `answered` is called when the server has answered it, with whatever.
  void Write(std::function<void()> answered);

 private:
  struct Scan;
  class Follower;
  void Later();
  void Visit();
  void BeginScan();
  void Slice(std::shared_ptr<Scan> scan);
  void OnSlice(std::shared_ptr<Scan> scan, const absl::Status& status, bool more);
  void Follow();
  void Read();
  size_t NoteCall(client::Operation operation, bool linearizable);
  service::Service::OnReply NoteReply(size_t place, std::function<void()> answered = nullptr);

  const VisitorsOptions options_;
  Executor* const core_;
  BackgroundExecutor* const scans_;
  service::Service* const service_;
  Recorder* const recorder_;
  Random random_;
  std::vector<std::unique_ptr<Follower>> followers_;
  int scanning_ = 0;
  uint64_t written_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::sim
