// Follows a cluster's metadata through the events of gRPC's MetadataService: one stream in place of
// a watch on every node, and no change is seen as one with the next.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "broker-sim/view/view_source.h"
#include "coordinator/base/executor.h"
#include "coordinator/client/metadata/metadata_follower.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::broker_sim {

class EventObserver final : public ViewSource {
 public:
  // On `executor`, as everything that is told. It goes from server to server by itself;
  // `on_failure` hears of what none of them mends, and nothing comes after it. All outlive the
  // observer.
  EventObserver(Executor* executor, client::FollowOptions options, ViewListener* listener,
                std::function<void(const absl::Status&)> on_failure);
  ~EventObserver() override;

  void Start() override;
  void Stop(absl::AnyInvocable<void()> done) override;
  const ClusterView& view() const override { return now_.cluster; }

  // What a message changes. Start() calls it for each that comes; tests call it.
  void Take(const v1::WatchMetadataResponse& message);

 private:
  using Configs = std::map<std::string, kafka::ConfigMap>;  // by entity, as in "clients/shop"
  struct State {
    ClusterView cluster;
    Configs configs;
  };
  // Between the stream's thread and the executor: how many messages are on their way.
  struct Way {
    std::mutex mutex;
    std::condition_variable changed;
    int messages = 0;
    bool ended = false;
  };

  void Read();
  void End();
  void AddPart(const v1::ClusterPart& part);
  void Replace();
  void Apply(const v1::MetadataEvent& event, int64_t zxid);
  void SetController(const v1::Controller& controller, int64_t zxid);
  void SetPartition(const std::string& topic, const v1::Partition& partition, int64_t zxid);
  void SetState(const std::string& topic, int32_t partition, const v1::PartitionState& state,
                int64_t zxid);

  Executor* const executor_;
  ViewListener* const listener_;
  const std::function<void(const absl::Status&)> on_failure_;
  client::MetadataFollower follower_;
  const std::shared_ptr<Way> way_ = std::make_shared<Way>();
  std::thread thread_;
  State now_;
  State coming_;           // while a view is under way
  bool has_view_ = false;  // one was complete
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::broker_sim
