// Changes of Kafka's metadata as pure planners: a view of the tree and a command in, operations or
// an error out. The tools and the metadata service run the same plans.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/acl.h"
#include "coordinator/kafka/admin.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/placement.h"
#include "coordinator/kafka/topic.h"
#include "coordinator/model/data.h"
#include "coordinator/model/request.h"

namespace rookery::kafka {

// One atomic step. A plan is run by sending its parts as one multi; BadVersion or NodeExists means
// that somebody was faster: read the view again and plan anew.
using Plan = model::MultiRequest;

struct ExistingNode {
  model::Data data;
  int32_t version = 0;
};

// Alters one entity: keys of `add` are set, keys of `remove` dropped, brokers are told.
struct AlterConfig {
  ConfigEntity entity;
  ConfigMap add;
  std::vector<std::string> remove;
};
// What AlterConfig must see: the entity's node and those of its parents below /config/<type>, by
// path; a path that is missing in the map does not exist. PathsForAlterConfig lists what to read.
using TreeView = std::map<std::string, ExistingNode>;
std::vector<std::string> PathsForAlterConfig(const ConfigEntity& entity);
// InvalidArgument: a bad key or value, or "Invalid config(s): k" for a key to remove that is not
// set.
absl::StatusOr<Plan> PlanAlterConfig(const TreeView& view, const AlterConfig& command);

// Creates a topic: its configuration and its assignment; the controller does the rest.
struct CreateTopic {
  std::string name;
  int32_t partitions = 1;
  int32_t replication_factor = 1;
  ConfigMap config;
};
struct CreateTopicView {
  std::vector<PlacementBroker> brokers;
  std::vector<std::string> topics;     // all names
  bool being_deleted = false;          // /admin/delete_topics/<name> exists
  std::optional<ExistingNode> config;  // /config/topics/<name>
};
// InvalidArgument: an illegal name or numbers; AlreadyExists: the topic, or one whose name
// collides.
absl::StatusOr<Plan> PlanCreateTopic(const CreateTopicView& view, const CreateTopic& command,
                                     Random& random);

// __consumer_offsets and __transaction_state, which nobody may delete.
bool IsInternalTopic(absl::string_view topic);

// Marks a topic for deletion; the controller does the rest. PathsForDeleteTopic lists what the view
// must hold. NotFound: no such topic; AlreadyExists: it is marked; InvalidArgument: it is internal.
std::vector<std::string> PathsForDeleteTopic(absl::string_view topic);
absl::StatusOr<Plan> PlanDeleteTopic(const TreeView& view, absl::string_view topic);

// Changes the entries of one resource and tells brokers. PathsForAlterAcls lists what the view must
// hold. A plan without parts: nothing would change. InvalidArgument: an illegal name or principal,
// or a node that nobody understands.
struct AlterAcls {
  ResourcePattern resource;
  AclEntries add, remove;
  bool remove_all = false;  // whatever there is
};
std::vector<std::string> PathsForAlterAcls(const ResourcePattern& resource);
absl::StatusOr<Plan> PlanAlterAcls(const TreeView& view, const AlterAcls& command);

// Asks the controller for other replicas, or for preferred leaders, through the nodes that it still
// honours in 3.9. PathsForAdminRequests lists what the view must hold. AlreadyExists: it has not
// done the last one yet.
std::vector<std::string> PathsForAdminRequests();
absl::StatusOr<Plan> PlanReassign(const TreeView& view,
                                  const std::map<TopicPartition, Replicas>& moves);
absl::StatusOr<Plan> PlanPreferredElection(const TreeView& view,
                                           const std::vector<TopicPartition>& partitions);

}  // namespace rookery::kafka
