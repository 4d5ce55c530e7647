#include "coordinator/kafka/topic.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/json.h"

namespace rookery::kafka {
namespace {

boost::json::object ToObject(const std::map<int32_t, Replicas>& partitions) {
  boost::json::object object;
  for (const auto& [partition, replicas] : partitions) {
    object[absl::StrCat(partition)] = ToArray(replicas);
  }
  return object;
}

// Absent is empty, as in nodes of older versions.
absl::StatusOr<std::map<int32_t, Replicas>> ReadReplicas(const boost::json::object& object,
                                                         absl::string_view key) {
  std::map<int32_t, Replicas> partitions;
  const boost::json::value* value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || value->is_null()) return partitions;
  if (!value->is_object()) {
    return absl::InvalidArgumentError(absl::StrCat("expected an object under '", key, "'"));
  }
  for (const auto& [name, replicas] : value->get_object()) {
    int32_t partition = 0;
    if (!absl::SimpleAtoi(absl::string_view(name.data(), name.size()), &partition)) {
      return absl::InvalidArgumentError(absl::StrCat("expected a partition number under '", key,
                                                     "', found '", std::string(name), "'"));
    }
    ROOKERY_ASSIGN_OR_RETURN(partitions[partition], IntegersOf(replicas, key));
  }
  return partitions;
}

}  // namespace

std::string EncodeTopic(const TopicAssignment& topic) {
  boost::json::object object;
  object["partitions"] = ToObject(topic.partitions);
  if (!topic.topic_id.empty()) object["topic_id"] = topic.topic_id;
  object["adding_replicas"] = ToObject(topic.adding);
  object["removing_replicas"] = ToObject(topic.removing);
  object["version"] = topic.topic_id.empty() ? 2 : 3;
  return boost::json::serialize(object);
}

absl::StatusOr<TopicAssignment> DecodeTopic(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object, ParseObject(json, "/brokers/topics/<t>"));
  if (object.if_contains("partitions") == nullptr) {
    return absl::InvalidArgumentError("expected 'partitions' in a topic's node");
  }
  TopicAssignment topic;
  ROOKERY_ASSIGN_OR_RETURN(topic.partitions, ReadReplicas(object, "partitions"));
  ROOKERY_ASSIGN_OR_RETURN(topic.adding, ReadReplicas(object, "adding_replicas"));
  ROOKERY_ASSIGN_OR_RETURN(topic.removing, ReadReplicas(object, "removing_replicas"));
  if (object.if_contains("topic_id") != nullptr) {
    ROOKERY_ASSIGN_OR_RETURN(topic.topic_id, StringOf(object, "topic_id"));
  }
  return topic;
}

std::string EncodePartitionState(const PartitionState& state) {
  boost::json::object object;
  object["controller_epoch"] = state.controller_epoch;
  object["leader"] = state.leader;
  object["version"] = 1;
  object["leader_epoch"] = state.leader_epoch;
  object["isr"] = ToArray(state.isr);
  if (state.recovering) object["leader_recovery_state"] = 1;
  return boost::json::serialize(object);
}

absl::StatusOr<PartitionState> DecodePartitionState(absl::string_view json) {
  ROOKERY_ASSIGN_OR_RETURN(boost::json::object object,
                           ParseObject(json, "/brokers/topics/<t>/partitions/<p>/state"));
  PartitionState state;
  ROOKERY_ASSIGN_OR_RETURN(state.leader, Int32Of(object, "leader"));
  ROOKERY_ASSIGN_OR_RETURN(state.leader_epoch, Int32Of(object, "leader_epoch"));
  ROOKERY_ASSIGN_OR_RETURN(state.controller_epoch, Int32Of(object, "controller_epoch"));
  const boost::json::value* isr = object.if_contains("isr");
  if (isr == nullptr) return absl::InvalidArgumentError("expected 'isr' in a partition's state");
  ROOKERY_ASSIGN_OR_RETURN(state.isr, IntegersOf(*isr, "isr"));
  if (const auto* recovery = object.if_contains("leader_recovery_state");
      recovery != nullptr && recovery->is_int64()) {
    state.recovering = recovery->get_int64() == 1;
  }
  return state;
}

}  // namespace rookery::kafka
