// Follows a cluster's metadata, simulated or real, with a session of its own, and writes nothing.
//
// Every node that matters is read with a watch and read again when that fires. Changes that follow
// each other faster than that are seen as one, as by everybody who watches.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "broker-sim/async/session.h"
#include "broker-sim/view/view_source.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::broker_sim {

class Observer final : public ViewSource {
 public:
  using MakeClient = std::function<std::unique_ptr<client::Client>(client::Options options)>;
  // `listener` may be null. All outlive the observer.
  Observer(Executor* executor, client::Options options, MakeClient make_client,
           ViewListener* listener);
  ~Observer() override;

  void Start() override;
  void Stop(absl::AnyInvocable<void()> done) override;
  const ClusterView& view() const override { return view_; }

 private:
  void Begin();
  void End();
  Async<> Main();
  Async<> FollowController();
  Async<> FollowControllerEpoch();
  Async<> FollowBrokers();
  Async<> FollowTopics();
  Async<> FollowTopic(std::string topic);
  Async<> FollowState(std::string topic, int32_t partition);
  // notifications.cc
  using Handle = std::function<Async<>(std::string data)>;
  Async<> FollowChanges(std::string root, Handle handle);
  Async<> ReadChangedConfig(std::string change);
  Async<> TellChangedAcl(std::string change);
  void SeeTopics(const std::vector<std::string>& topics);

  Executor* const executor_;
  const client::Options options_;
  const MakeClient make_client_;
  ViewListener* const listener_;
  ViewListener nobody_;
  ClusterView view_;
  std::unique_ptr<Session> session_;
  Scope scope_;
  uint64_t life_ = 0;
  std::set<std::string> followed_;  // topics, and states as "topic/partition"
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
