#include "coordinator/frontend/metadata/writes.h"

#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/paths.h"

namespace rookery::frontend {
namespace {

// Whole ones without a fraction, as byte rates have to be; others with as many digits as they need.
absl::StatusOr<std::string> TextOf(const std::string& key, double limit) {
  constexpr double kWholeMax = 9007199254740992.0;  // 2^53: above it a double names no number
  if (!std::isfinite(limit) || limit <= 0 || limit > kWholeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("invalid value ", limit, " for quota ", key, ": expected a number above 0"));
  }
  std::array<char, 400> text;  // the smallest double has some 340 digits without an exponent
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), limit, std::chars_format::fixed);
  return std::string(text.data(), end.ptr);
}

absl::StatusOr<MakePlan> PlanConfig(const std::string& root, kafka::AlterConfig command) {
  if (command.add.empty() && command.remove.empty()) {
    return absl::InvalidArgumentError("expected something to set or to remove");
  }
  ROOKERY_RETURN_IF_ERROR(kafka::ValidateConfig(command.entity, command.add));
  ROOKERY_ASSIGN_OR_RETURN(std::string at, RootOf(root));
  return [at = std::move(at),
          command = std::move(command)](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    using Type = kafka::ConfigEntity::Type;
    const kafka::ConfigEntity::Part& part = command.entity.parts.front();
    if (part.type == Type::kTopic &&
        nodes.Get(kafka::BelowRoot(at, kafka::TopicPath(part.name))).access ==
            kafka::NodeSource::Access::kAbsent) {
      return absl::NotFoundError(absl::StrCat("Topic '", part.name, "' does not exist"));
    }
    return kafka::PlanAlterConfig(nodes.View(at, kafka::PathsForAlterConfig(command.entity)),
                                  command);
  };
}

// More would not fit into any request, and placing them holds the core up.
constexpr int32_t kPartitionsMax = 100'000;

absl::Status CheckPartitions(int32_t partitions) {
  if (partitions >= 1 && partitions <= kPartitionsMax) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("expected from 1 to ", kPartitionsMax, " partitions, found ", partitions));
}

// The registered brokers, by id.
std::vector<kafka::PlacementBroker> PlacementBrokersOf(kafka::ClusterReader& cluster) {
  std::vector<kafka::PlacementBroker> brokers;
  for (const int32_t id : cluster.BrokerIds()) {
    const auto broker = cluster.Broker(id);
    if (broker.has_value()) brokers.push_back({id, broker->registration.rack});
  }
  return brokers;
}

// NotFound, InvalidArgument: the partition, or one of the brokers, is not there.
absl::Status CheckMove(kafka::ClusterReader& cluster, const std::set<int32_t>& brokers,
                       const std::string& name, int32_t partition,
                       const kafka::Replicas& replicas) {
  const auto topic = cluster.Assignment(name);
  if (!topic.has_value()) {
    return absl::NotFoundError(absl::StrCat("Topic '", name, "' does not exist"));
  }
  if (!topic->partitions.contains(partition)) {
    return absl::NotFoundError(absl::StrCat("Topic '", name, "' has no partition ", partition));
  }
  for (const int32_t replica : replicas) {
    if (brokers.contains(replica)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("broker ", replica, " is not registered: expected registered brokers for ",
                     name, "-", partition));
  }
  return absl::OkStatus();
}

std::set<int32_t> BrokersOf(kafka::ClusterReader& cluster) {
  const std::vector<int32_t> ids = cluster.BrokerIds();
  return {ids.begin(), ids.end()};
}

}  // namespace

absl::StatusOr<MakePlan> PlanOf(const v1::CreateTopicRequest& request, Random* random) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  if (!kafka::IsLegalTopicName(request.name())) {
    return absl::InvalidArgumentError(
        absl::StrCat("topic name '", request.name(),
                     "' is illegal: expected 1 to 249 characters of [a-zA-Z0-9._-], not '.' or "
                     "'..'"));
  }
  ROOKERY_RETURN_IF_ERROR(CheckPartitions(request.partitions()));
  kafka::CreateTopic command{.name = request.name(),
                             .partitions = request.partitions(),
                             .replication_factor = request.replication_factor(),
                             .config = {request.configs().begin(), request.configs().end()}};
  return [root = std::move(root), command = std::move(command),
          random](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    kafka::ClusterReader cluster(root, &nodes);
    kafka::CreateTopicView view{.topics = cluster.TopicNames()};
    view.brokers = PlacementBrokersOf(cluster);
    const std::string mark = kafka::DeleteTopicPath(command.name);
    const std::string config = kafka::TopicConfigPath(command.name);
    kafka::TreeView others = nodes.View(root, {mark, config});
    view.being_deleted = others.contains(mark);
    if (others.contains(config)) view.config = std::move(others[config]);
    return kafka::PlanCreateTopic(view, command, *random);
  };
}

absl::StatusOr<MakePlan> PlanOf(const v1::AddPartitionsRequest& request, Random*) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  ROOKERY_RETURN_IF_ERROR(CheckPartitions(request.partitions()));
  if (!kafka::IsLegalTopicName(request.name())) {
    return absl::NotFoundError(absl::StrCat("Topic '", request.name(), "' does not exist"));
  }
  kafka::AddPartitions command{.topic = request.name(), .partitions = request.partitions()};
  return [root = std::move(root),
          command = std::move(command)](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    kafka::ClusterReader cluster(root, &nodes);
    kafka::AddPartitionsView view{.brokers = PlacementBrokersOf(cluster)};
    const std::string mark = kafka::DeleteTopicPath(command.topic);
    const std::string topic = kafka::TopicPath(command.topic);
    kafka::TreeView others = nodes.View(root, {mark, topic});
    view.being_deleted = others.contains(mark);
    if (others.contains(topic)) view.topic = std::move(others[topic]);
    return kafka::PlanAddPartitions(view, command);
  };
}

absl::StatusOr<MakePlan> PlanOf(const v1::DeleteTopicRequest& request, Random*) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  return [root = std::move(root),
          name = request.name()](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    if (!kafka::IsLegalTopicName(name)) {
      return absl::NotFoundError(absl::StrCat("Topic '", name, "' does not exist"));
    }
    return kafka::PlanDeleteTopic(nodes.View(root, kafka::PathsForDeleteTopic(name)), name);
  };
}

absl::StatusOr<MakePlan> PlanOf(const v1::AlterConfigRequest& request, Random*) {
  kafka::AlterConfig command{.add = {request.set().begin(), request.set().end()},
                             .remove = {request.remove().begin(), request.remove().end()}};
  ROOKERY_ASSIGN_OR_RETURN(command.entity, FromProto(request.entity()));
  return PlanConfig(request.root(), std::move(command));
}

absl::StatusOr<MakePlan> PlanOf(const v1::AlterQuotaRequest& request, Random*) {
  kafka::AlterConfig command;
  ROOKERY_ASSIGN_OR_RETURN(command.entity, FromProto(request.entity()));
  if (!kafka::MayHoldQuotas(command.entity)) {
    return absl::InvalidArgumentError(
        "topics and brokers have no quotas: expected a user, a client, both, or an ip");
  }
  for (const auto& [key, limit] : request.set()) {
    ROOKERY_ASSIGN_OR_RETURN(command.add[key], TextOf(key, limit));
  }
  command.remove.assign(request.remove().begin(), request.remove().end());
  for (const std::string& key : command.remove) {
    if (kafka::IsQuotaKey(key)) continue;
    return absl::InvalidArgumentError(absl::StrCat("'", key, "' is no quota: see AlterConfig"));
  }
  return PlanConfig(request.root(), std::move(command));
}

absl::StatusOr<MakePlan> PlanOf(const v1::AlterAclsRequest& request, Random*) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  kafka::AlterAcls command{.remove_all = request.remove_all()};
  ROOKERY_ASSIGN_OR_RETURN(command.resource, FromProto(request.resource()));
  ROOKERY_ASSIGN_OR_RETURN(command.add, FromProto(request.add()));
  ROOKERY_ASSIGN_OR_RETURN(command.remove, FromProto(request.remove()));
  return [root = std::move(root), command = std::move(command)](PresentNodes& nodes) {
    return kafka::PlanAlterAcls(nodes.View(root, kafka::PathsForAlterAcls(command.resource)),
                                command);
  };
}

absl::StatusOr<MakePlan> PlanOf(const v1::ReassignPartitionsRequest& request, Random*) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  std::map<kafka::TopicPartition, kafka::Replicas> moves;
  for (const v1::PartitionMove& move : request.moves()) {
    const std::string name = absl::StrCat(move.topic(), "-", move.partition());
    const kafka::Replicas replicas(move.replicas().begin(), move.replicas().end());
    if (replicas.empty() ||
        std::set<int32_t>(replicas.begin(), replicas.end()).size() != replicas.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected at least one replica, and each broker once, for ", name));
    }
    if (!moves.try_emplace({move.topic(), move.partition()}, replicas).second) {
      return absl::InvalidArgumentError(absl::StrCat("expected ", name, " once"));
    }
  }
  if (moves.empty()) return absl::InvalidArgumentError("expected at least one partition to move");
  return [root = std::move(root),
          moves = std::move(moves)](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    kafka::ClusterReader cluster(root, &nodes);
    const std::set<int32_t> brokers = BrokersOf(cluster);
    for (const auto& [partition, replicas] : moves) {
      ROOKERY_RETURN_IF_ERROR(
          CheckMove(cluster, brokers, partition.first, partition.second, replicas));
    }
    return kafka::PlanReassign(nodes.View(root, kafka::PathsForAdminRequests()), moves);
  };
}

absl::StatusOr<MakePlan> PlanOf(const v1::ElectPreferredLeadersRequest& request, Random*) {
  ROOKERY_ASSIGN_OR_RETURN(std::string root, RootOf(request.root()));
  std::set<kafka::TopicPartition> partitions;
  for (const v1::PartitionName& one : request.partitions()) {
    partitions.insert({one.topic(), one.partition()});
  }
  if (partitions.empty()) return absl::InvalidArgumentError("expected at least one partition");
  return [root = std::move(root),
          partitions = std::move(partitions)](PresentNodes& nodes) -> absl::StatusOr<kafka::Plan> {
    kafka::ClusterReader cluster(root, &nodes);
    for (const auto& [topic, partition] : partitions) {
      ROOKERY_RETURN_IF_ERROR(CheckMove(cluster, {}, topic, partition, {}));
    }
    return kafka::PlanPreferredElection(nodes.View(root, kafka::PathsForAdminRequests()),
                                        {partitions.begin(), partitions.end()});
  };
}

}  // namespace rookery::frontend
