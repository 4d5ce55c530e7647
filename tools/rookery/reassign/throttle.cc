#include "tools/rookery/reassign/throttle.h"

#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/plan.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::reassign {
namespace {

using Type = kafka::ConfigEntity::Type;
using Brokers = std::set<int32_t>;

struct Move {
  Brokers from, to;
};
using MovesOfTopics = std::map<std::string, std::map<int32_t, Move>>;

Brokers Without(const kafka::Replicas& replicas, const Brokers& others) {
  Brokers rest(replicas.begin(), replicas.end());
  for (const int32_t other : others) rest.erase(other);
  return rest;
}

MovesOfTopics Running(const metadata::Cluster& cluster) {
  MovesOfTopics moves;
  for (const auto& [name, topic] : cluster.topics) {
    const auto& [partitions, adding, removing, id] = topic.assignment;
    for (const auto& [number, replicas] : partitions) {
      if (!adding.contains(number) && !removing.contains(number)) continue;
      Brokers to;
      if (const auto added = adding.find(number); added != adding.end()) {
        to.insert(added->second.begin(), added->second.end());
      }
      moves[name][number] = {Without(replicas, to), to};
    }
  }
  return moves;
}

MovesOfTopics Proposed(const metadata::Cluster& cluster, const Moves& plan) {
  MovesOfTopics moves = Running(cluster);
  for (const auto& [partition, replicas] : Present(cluster, plan)) {
    const auto [move, is_new] = moves[partition.first].try_emplace(partition.second);
    if (is_new) move->second.from.insert(replicas.begin(), replicas.end());
    move->second.to = Without(plan.at(partition), move->second.from);
  }
  return moves;
}

// As Kafka sorts them: as words.
std::string Join(const std::map<int32_t, Move>& moves, Brokers Move::* side) {
  std::set<std::string> words;
  for (const auto& [number, move] : moves) {
    for (const int32_t broker : move.*side) words.insert(absl::StrCat(number, ":", broker));
  }
  return absl::StrJoin(words, ",");
}

kafka::ConfigEntity Broker(int32_t id) { return {{{Type::kBroker, absl::StrCat(id)}}}; }
kafka::ConfigEntity Topic(const std::string& name) { return {{{Type::kTopic, name}}}; }

absl::Status Set(client::BlockingClient& client, const kafka::AlterConfig& command) {
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(
        const kafka::TreeView view,
        metadata::ReadView(client, kafka::PathsForAlterConfig(command.entity)));
    return kafka::PlanAlterConfig(view, command);
  });
}

absl::Status Clear(client::BlockingClient& client, const kafka::ConfigEntity& entity,
                   std::span<const absl::string_view> keys) {
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForAlterConfig(entity)));
    const auto node = view.find(entity.Path());
    if (node == view.end()) return kafka::Plan();
    const kafka::ConfigMap config = kafka::DecodeConfig(node->second.data.value_or(""));
    kafka::AlterConfig command{.entity = entity};
    for (const absl::string_view key : keys) {
      if (config.contains(std::string(key))) command.remove.emplace_back(key);
    }
    if (command.remove.empty()) return kafka::Plan();
    return kafka::PlanAlterConfig(view, command);
  });
}

}  // namespace

Throttles ThrottlesOf(const metadata::Cluster& cluster, const Moves& moves) {
  Throttles throttles;
  for (const auto& [topic, partitions] : Proposed(cluster, moves)) {
    throttles.leaders[topic] = Join(partitions, &Move::from);
    throttles.followers[topic] = Join(partitions, &Move::to);
    for (const auto& [number, move] : partitions) {
      throttles.brokers.insert(move.from.begin(), move.from.end());
      throttles.brokers.insert(move.to.begin(), move.to.end());
    }
  }
  return throttles;
}

absl::Status SetThrottles(client::BlockingClient& client, const Throttles& throttles,
                          int64_t bytes_per_second) {
  for (const auto& [topic, leaders] : throttles.leaders) {
    ROOKERY_RETURN_IF_ERROR(Set(
        client, {.entity = Topic(topic),
                 .add = {{std::string(kTopicThrottleKeys[0]), leaders},
                         {std::string(kTopicThrottleKeys[1]), throttles.followers.at(topic)}}}));
  }
  const std::string rate = absl::StrCat(bytes_per_second);
  for (const int32_t broker : throttles.brokers) {
    ROOKERY_RETURN_IF_ERROR(Set(client, {.entity = Broker(broker),
                                         .add = {{std::string(kBrokerThrottleKeys[0]), rate},
                                                 {std::string(kBrokerThrottleKeys[1]), rate}}}));
  }
  return absl::OkStatus();
}

absl::Status ClearThrottles(client::BlockingClient& client, const std::set<int32_t>& brokers,
                            const std::set<std::string>& topics) {
  for (const int32_t broker : brokers) {
    ROOKERY_RETURN_IF_ERROR(Clear(client, Broker(broker), kBrokerThrottleKeys));
  }
  for (const std::string& topic : topics) {
    ROOKERY_RETURN_IF_ERROR(Clear(client, Topic(topic), kTopicThrottleKeys));
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::reassign
