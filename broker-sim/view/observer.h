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
#include "broker-sim/view/cluster_view.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::broker_sim {

// What an observer tells, beside the view itself. The view is up to date when it is called.
class ViewListener {
 public:
  virtual ~ViewListener() = default;
  virtual void OnBroker(int32_t id, bool lives) {}
  virtual void OnController(std::optional<int32_t> id) {}
  // `mzxid` is the place of the write in the order of all writes.
  virtual void OnControllerEpoch(int32_t epoch, int64_t mzxid) {}
  virtual void OnTopic(const std::string& topic, bool exists) {}
  virtual void OnState(const std::string& topic, int32_t partition,
                       const std::optional<kafka::PartitionState>& before,
                       const kafka::PartitionState& state, int64_t mzxid) {}
  // `entity` as in "clients/shop".
  virtual void OnConfig(const std::string& entity, const kafka::ConfigMap& config) {}
  virtual void OnAcl(const std::string& resource) {}
  virtual void OnUnreadable(const std::string& path, const absl::Status& why) {}
};

class Observer {
 public:
  using MakeClient = std::function<std::unique_ptr<client::Client>(client::Options options)>;
  // `listener` may be null. All outlive the observer.
  Observer(Executor* executor, client::Options options, MakeClient make_client,
           ViewListener* listener);
  ~Observer();

  void Start();
  // Closes the session, then calls `done`.
  void Stop(absl::AnyInvocable<void()> done);

  const ClusterView& view() const { return view_; }
  Session* session() { return session_.get(); }
  // True once everything that stood at the start was read.
  bool ready() const { return ready_; }

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
  bool ready_ = false;
  uint64_t life_ = 0;
  std::set<std::string> followed_;  // topics, and states as "topic/partition"
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
