// What a node means by where it lies. Source: kafka-on-zookeeper 1.1, 1.5, 1.6.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/config.h"

namespace rookery::kafka {

struct NoMeaning {};
struct BrokerNode {
  int32_t broker = 0;
};
struct ControllerNode {};
struct ControllerEpochNode {};
struct TopicNode {
  std::string topic;
};
struct PartitionStateNode {
  std::string topic;
  int32_t partition = 0;
};
struct DeletionMarkNode {
  std::string topic;
};
struct ConfigNode {
  ConfigEntity entity;
};
struct AclNode {
  ResourcePattern resource;
};
using Meaning = std::variant<NoMeaning, BrokerNode, ControllerNode, ControllerEpochNode, TopicNode,
                             PartitionStateNode, DeletionMarkNode, ConfigNode, AclNode>;

// `path` is relative to the cluster's root. Inner nodes, notifications, and names that Kafka would
// not write mean nothing.
Meaning MeaningOf(absl::string_view path);

// True for every node that means something to a cluster with whatever root, and for few others; one
// walk over the path.
bool MayMeanSomething(absl::string_view path);

// The path within the cluster whose root is `root` ("/" or "/kafka/east"); empty: not of it.
absl::string_view WithinRoot(absl::string_view root, absl::string_view path);
// The other way round.
std::string BelowRoot(absl::string_view root, absl::string_view path);

}  // namespace rookery::kafka
