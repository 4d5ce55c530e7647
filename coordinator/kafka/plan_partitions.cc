// More partitions for a topic, and replicas that somebody names himself: Kafka's AdminZkClient, its
// words too.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/plan.h"

namespace rookery::kafka {
namespace {

bool HasDuplicates(const Replicas& replicas) {
  return std::set<int32_t>(replicas.begin(), replicas.end()).size() != replicas.size();
}

absl::Status CheckReplicas(int32_t partition, const Replicas& replicas,
                           const std::vector<int32_t>& brokers) {
  if (replicas.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Cannot have replication factor of 0 for partition id ", partition, "."));
  }
  if (HasDuplicates(replicas)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Duplicate brokers not allowed in replica assignment: ", absl::StrJoin(replicas, ", "),
        " for partition id ", partition, "."));
  }
  const bool all = std::all_of(replicas.begin(), replicas.end(), [&](int32_t broker) {
    return std::find(brokers.begin(), brokers.end(), broker) != brokers.end();
  });
  if (all) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "Some brokers specified for partition id ", partition,
      " are not available. Specified "
      "brokers: ",
      absl::StrJoin(replicas, ", "), ", available brokers: ", absl::StrJoin(brokers, ", "), "."));
}

absl::Status CheckFactors(const std::map<int32_t, Replicas>& given, size_t factor) {
  std::vector<int32_t> partitions;
  std::vector<size_t> factors;
  for (const auto& [partition, replicas] : given) {
    if (replicas.size() == factor) continue;
    partitions.push_back(partition);
    factors.push_back(replicas.size());
  }
  if (partitions.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "Inconsistent replication factor between partitions, partition 0 has ", factor,
      " while partitions [", absl::StrJoin(partitions, ", "), "] have replication factors [",
      absl::StrJoin(factors, ", "), "], respectively."));
}

absl::Status CheckGiven(const std::map<int32_t, Replicas>& given, size_t factor,
                        const std::vector<PlacementBroker>& brokers) {
  std::vector<int32_t> ids;
  ids.reserve(brokers.size());
  for (const PlacementBroker& broker : brokers) ids.push_back(broker.id);
  for (const auto& [partition, replicas] : given) {
    ROOKERY_RETURN_IF_ERROR(CheckReplicas(partition, replicas, ids));
  }
  return CheckFactors(given, factor);
}

// The topic as it stands, if it can take more partitions.
absl::StatusOr<TopicAssignment> Standing(const AddPartitionsView& view, const std::string& name) {
  if (!view.topic.has_value()) {
    return absl::NotFoundError(absl::StrCat("Topic '", name, "' does not exist as expected"));
  }
  if (view.being_deleted) {
    return absl::FailedPreconditionError(
        absl::StrCat("Topic '", name, "' is marked for deletion."));
  }
  auto topic = DecodeTopic(view.topic->data.value_or(""));
  if (!topic.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(TopicPath(name), ": ", topic.status().message()));
  }
  if (!topic->adding.empty() || !topic->removing.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("A partition reassignment is in progress for the topic '", name, "'."));
  }
  return topic;
}

}  // namespace

absl::Status CheckNewAssignment(const std::map<int32_t, Replicas>& assignment) {
  int32_t next = 0;
  for (const auto& [partition, replicas] : assignment) {
    if (partition != next++) {
      return absl::InvalidArgumentError(
          "partitions should be a consecutive 0-based integer sequence");
    }
    if (replicas.empty() || replicas.size() != assignment.begin()->second.size()) {
      return absl::InvalidArgumentError("All partitions should have the same number of replicas");
    }
    if (HasDuplicates(replicas)) {
      return absl::InvalidArgumentError(
          absl::StrCat("Duplicate replica assignment found: ", partition, " -> ",
                       absl::StrJoin(replicas, ", ")));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<int32_t, Replicas>> PlaceNewPartitions(
    const std::string& name, const std::map<int32_t, Replicas>& standing,
    const std::vector<PlacementBroker>& brokers, int32_t count,
    const std::map<int32_t, Replicas>& given) {
  const auto first = standing.find(0);
  if (first == standing.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Unexpected existing replica assignment for topic '", name,
                     "', partition id 0 is missing."));
  }
  const auto present = static_cast<int32_t>(standing.size());
  if (count <= present) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The number of partitions for a topic can only be increased. Topic ", name,
        " currently has ", present, " partitions, ", count, " would not be an increase."));
  }
  if (given.empty()) return PlaceMoreReplicas(brokers, present, count - present, first->second);
  ROOKERY_RETURN_IF_ERROR(CheckGiven(given, first->second.size(), brokers));
  return given;
}

absl::StatusOr<Plan> PlanAddPartitions(const AddPartitionsView& view,
                                       const AddPartitions& command) {
  if (command.topic == kOffsetsTopic) {
    return absl::InvalidArgumentError(
        "The number of partitions for the offsets topic cannot be changed.");
  }
  ROOKERY_ASSIGN_OR_RETURN(TopicAssignment topic, Standing(view, command.topic));
  const auto present = static_cast<int32_t>(topic.partitions.size());
  std::map<int32_t, Replicas> given;
  for (const auto& [partition, replicas] : command.assignment) {
    if (partition >= present) given[partition] = replicas;
  }
  if (!command.assignment.empty() && command.partitions > present &&
      given.size() != static_cast<size_t>(command.partitions - present)) {
    return absl::InvalidArgumentError(absl::StrCat("Increasing the number of partitions by ",
                                                   command.partitions - present, " but ",
                                                   given.size(), " assignments provided."));
  }
  ROOKERY_ASSIGN_OR_RETURN(
      const auto placed,
      PlaceNewPartitions(command.topic, topic.partitions, view.brokers, command.partitions, given));
  topic.partitions.insert(placed.begin(), placed.end());
  Plan plan;
  plan.parts.push_back(model::SetDataRequest{.path = TopicPath(command.topic),
                                             .data = EncodeTopic(topic),
                                             .version = view.topic->version});
  return plan;
}

}  // namespace rookery::kafka
