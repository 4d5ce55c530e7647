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

// One atomic step. A plan is run by sending its parts as one multi; BadVersion, NodeExists or
// NotEmpty means that somebody was faster: read the view again and plan anew.
using Plan = model::MultiRequest;

struct ExistingNode {
  model::Data data;
  int32_t version = 0;
  int32_t children = 0;
};

// Alters one entity: keys of `add` are set, keys of `remove` dropped, brokers are told. The node of
// a client, a user or an ip goes with its last key, unless it has children, and then its parents
// that hold nothing any more; those of topics and brokers stay.
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
  // Replicas of each partition; if there are any, the two numbers do not count. As in Kafka,
  // brokers that are not registered are taken: their replicas come when they do.
  std::map<int32_t, Replicas> assignment;
};
struct CreateTopicView {
  std::vector<PlacementBroker> brokers;
  std::vector<std::string> topics;     // all names
  bool being_deleted = false;          // /admin/delete_topics/<name> exists
  std::optional<ExistingNode> config;  // /config/topics/<name>
};
// InvalidArgument: an illegal name, numbers, replicas or configuration; AlreadyExists: the topic,
// or one whose name collides.
absl::StatusOr<Plan> PlanCreateTopic(const CreateTopicView& view, const CreateTopic& command,
                                     Random& random);

// InvalidArgument: partitions other than 0 to n - 1, of different factors, or a broker twice.
absl::Status CheckNewAssignment(const std::map<int32_t, Replicas>& assignment);

// Gives a topic more partitions; the controller does the rest.
struct AddPartitions {
  std::string topic;
  int32_t partitions = 0;  // how many there shall be
  // Replicas of each partition, of those that stand too, which are not looked at; none: where Kafka
  // would place them.
  std::map<int32_t, Replicas> assignment;
};
struct AddPartitionsView {
  std::vector<PlacementBroker> brokers;  // sorted by id
  std::optional<ExistingNode> topic;     // /brokers/topics/<topic>
  bool being_deleted = false;
};
// InvalidArgument: fewer partitions or as many, or replicas that cannot be; NotFound: the topic;
// FailedPrecondition: it is being deleted or reassigned.
absl::StatusOr<Plan> PlanAddPartitions(const AddPartitionsView& view, const AddPartitions& command);
// The same, without the tree around it: replicas of the new partitions.
absl::StatusOr<std::map<int32_t, Replicas>> PlaceNewPartitions(
    const std::string& name, const std::map<int32_t, Replicas>& standing,
    const std::vector<PlacementBroker>& brokers, int32_t count,
    const std::map<int32_t, Replicas>& given);

inline constexpr absl::string_view kOffsetsTopic = "__consumer_offsets";
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
// Takes partitions out of what the controller was asked for; `taken` is those that were in it. A
// plan without parts: none was. The controller may have read the request already.
absl::StatusOr<Plan> PlanCancelReassign(const TreeView& view,
                                        const std::map<TopicPartition, Replicas>& moves,
                                        std::map<TopicPartition, Replicas>* taken);
absl::StatusOr<Plan> PlanPreferredElection(const TreeView& view,
                                           const std::vector<TopicPartition>& partitions);

}  // namespace rookery::kafka
