// What happened to a cluster, as its nodes tell it: a pure function of what one request changed.
// Source: kafka-on-zookeeper 1.2 to 1.6, and 3.5 to 3.12 for who writes what.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/topic.h"
#include "coordinator/model/node_change.h"

namespace rookery::kafka {

// A registration appeared. `epoch` is the czxid of its node, which is Kafka's broker epoch.
struct BrokerJoined {
  int32_t broker = 0;
  int64_t epoch = 0;
  BrokerRegistration registration;
};
// The same registration says other things.
struct BrokerChanged {
  int32_t broker = 0;
  int64_t epoch = 0;
  BrokerRegistration registration;
};
// It is gone: the broker left, or its session ended.
struct BrokerLost {
  int32_t broker = 0;
  int64_t epoch = 0;
};
// nullopt: none. The epoch is that which the same request wrote, if it did.
struct ControllerChanged {
  std::optional<int32_t> previous;
  std::optional<Controller> controller;
  std::optional<int32_t> epoch;
};
struct TopicCreated {
  std::string topic;
  TopicAssignment assignment;
};
struct TopicDeleted {
  std::string topic;
  std::string topic_id;
};
// Somebody asked the controller to delete it.
struct TopicDeletionRequested {
  std::string topic;
};
struct PartitionsAdded {
  std::string topic;
  std::map<int32_t, Replicas> partitions;
};
// Another leader or another epoch of the same one; the first one too, with no previous. `version`
// is that of the state's node, which is Kafka's partition epoch.
struct LeaderChanged {
  std::string topic;
  int32_t partition = 0;
  int32_t previous = -1;  // -1: none
  PartitionState state;
  int32_t version = 0;
};
struct IsrChanged {
  std::string topic;
  int32_t partition = 0;
  Replicas removed, added;
  PartitionState state;
  int32_t version = 0;
};
// Replicas are being added or removed; told again if the aim changes on the way.
struct ReassignmentStarted {
  std::string topic;
  int32_t partition = 0;
  Replicas replicas, adding, removing;
};
struct ReassignmentEnded {
  std::string topic;
  int32_t partition = 0;
  Replicas replicas;
};
// Other replicas, or another order of them, with no reassignment before or after.
struct ReplicasChanged {
  std::string topic;
  int32_t partition = 0;
  Replicas previous, replicas;
};
// Keys that are no quotas.
struct ConfigChanged {
  ConfigEntity entity;
  ConfigMap set;
  std::vector<std::string> removed;
};
// Keys that are, of users, clients and ips. A value that is no number is as if it were not set.
struct QuotaChanged {
  ConfigEntity entity;
  std::map<std::string, double> set;
  std::vector<std::string> removed;
};
struct AclChanged {
  ResourcePattern resource;
  AclEntries added, removed;
};
// A node that makes no sense now. It counts as absent.
struct NodeUnreadable {
  std::string path;  // within the cluster
  std::string reason;
};

using MetadataEvent =
    std::variant<BrokerJoined, BrokerChanged, BrokerLost, ControllerChanged, TopicCreated,
                 TopicDeleted, TopicDeletionRequested, PartitionsAdded, LeaderChanged, IsrChanged,
                 ReassignmentStarted, ReassignmentEnded, ReplicasChanged, ConfigChanged,
                 QuotaChanged, AclChanged, NodeUnreadable>;

// What `changes`, all of one request, mean for the cluster at `root`, in their order. Nodes that
// `may_read` refuses, as they are now or were at their end, are not told of.
using MayRead = absl::FunctionRef<bool(const model::Acl&)>;
std::vector<MetadataEvent> EventsOf(absl::string_view root,
                                    absl::Span<const model::NodeChange> changes, MayRead may_read);

// True for the keys of quotas.
bool IsQuotaKey(absl::string_view key);
// The quotas in a configuration of a user, a client or an ip.
std::map<std::string, double> QuotasOf(const ConfigMap& config);
// True if configurations of this entity may hold quotas.
bool MayHoldQuotas(const ConfigEntity& entity);

}  // namespace rookery::kafka
