// A new controller of a large cluster: it reads the whole of the metadata and moves what a lost
// broker led, with the operations of Kafka's failover (kafka-on-zookeeper 3.3) except that topics
// and states may come by Scan. What it would tell brokers is not sent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "broker-sim/async/session.h"
#include "broker-sim/controller/context.h"
#include "broker-sim/scale/metadata.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

struct TakeoverOptions {
  int32_t lost = 0;       // the broker that is gone
  size_t in_flight = 10;  // zookeeper.max.in.flight.requests
  std::vector<Address>
      scan_servers;  // gRPC; a stream to each. Empty: each topic and state is read by getData
};

class Takeover {
 public:
  // All outlive it.
  Takeover(TakeoverOptions options, Session* session, Executor* executor, const Clock* clock)
      : options_(std::move(options)), session_(session), executor_(executor), clock_(clock) {}

  Async<absl::Status> Run(int32_t epoch, int32_t epoch_version);

  struct Step {
    std::string what;
    int64_t done_us = 0;  // on the clock
  };
  const std::vector<Step>& steps() const { return steps_; }

 private:
  struct Place {
    size_t topic = 0, partition = 0;
  };
  Async<> ReadBroker(std::string id);
  Async<> ReadTopic(size_t topic);
  Async<> ReadState(Place place);
  Async<> ReadTopics();
  // Runs `read` on a thread of its own, while the session's goes on.
  Async<absl::Status> OnThread(std::function<absl::Status()> read);
  Async<> LeaveIsr(Place place);
  Async<> Elect(Place place);
  Async<bool> Write(Place place, kafka::PartitionState state);
  void Fail(absl::Status why) {
    if (failure_.ok()) failure_ = std::move(why);
  }
  void Done(std::string what) { steps_.push_back({std::move(what), clock_->NowUs()}); }

  const TakeoverOptions options_;
  Session* const session_;
  Executor* const executor_;
  const Clock* const clock_;
  int32_t epoch_ = 0, epoch_version_ = 0;
  Context context_;  // the brokers
  std::unique_ptr<ScaleMetadata> metadata_;
  std::vector<Place> places_;  // of all partitions, while they are read
  int64_t moved_ = 0, shrunk_ = 0;
  std::vector<Step> steps_;
  absl::Status failure_;
};

}  // namespace rookery::broker_sim
