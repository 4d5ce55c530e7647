// Who follows a cluster's metadata and writes nothing: what it shows and tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "broker-sim/view/cluster_view.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/topic.h"

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

// On one executor.
class ViewSource {
 public:
  virtual ~ViewSource() = default;
  virtual void Start() = 0;
  // Ends what it has under way, then calls `done`.
  virtual void Stop(absl::AnyInvocable<void()> done) = 0;
  virtual const ClusterView& view() const = 0;
};

}  // namespace rookery::broker_sim
