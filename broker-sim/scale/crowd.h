// Many brokers as the coordinator sees them, and no more: each has a session, is registered, and
// takes part in elections. They have no replicas and hear nothing of the controller.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "absl/status/status.h"
#include "broker-sim/async/session.h"
#include "broker-sim/controller/controller.h"
#include "broker-sim/fabric/fabric.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

class Crowd {
 public:
  using TakeOver = std::function<Async<>(int32_t broker, int32_t epoch, int32_t epoch_version)>;
  // `take_over` is what the winner of an election does. All outlive it.
  Crowd(MakeClient make_client, client::Options options, TakeOver take_over, Executor* executor,
        const Clock* clock, Timeline* timeline);
  ~Crowd();

  // Ends once broker `id` is registered; it takes part in elections then.
  Async<absl::Status> Join(int32_t id);
  // Its connection ends without a word; its session expires.
  void Kill(int32_t id) { members_.erase(id); }
  // Closes what sessions there are, then calls `done`.
  void Close(absl::AnyInvocable<void()> done);
  Session* session(int32_t id) { return members_.at(id).session.get(); }

 private:
  struct Member {
    std::unique_ptr<Session> session;
    std::unique_ptr<Controller> controller;
    std::unique_ptr<Scope> scope;  // ends first
  };

  MakeClient make_client_;
  const client::Options options_;
  const TakeOver take_over_;
  Executor* const executor_;
  const Clock* const clock_;
  Timeline* const timeline_;
  Fabric fabric_;
  std::map<int32_t, Member> members_;
};

}  // namespace rookery::broker_sim
