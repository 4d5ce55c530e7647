// Leadership goes back to the first replica of each partition: kafka-on-zookeeper 3.11.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/admin.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {
namespace {

constexpr int64_t kImbalancePercentMax = 10;  // leader.imbalance.per.broker.percentage

bool IsAstray(const PartitionId& id, const Partition& partition, const Context& context) {
  return partition.version >= 0 && !partition.replicas.empty() &&
         !context.deleting.contains(id.first) &&
         partition.state.leader != partition.replicas.front();
}

}  // namespace

void Controller::ElectPreferred() {
  Push([this] { return ElectAllPreferred(); });
}

Async<> Controller::ElectAllPreferred() {
  if (!active_) co_return;
  std::vector<PartitionId> astray;
  for (const auto& [id, partition] : context_.partitions) {
    if (IsAstray(id, partition, context_)) astray.push_back(id);
  }
  const int moved = co_await ElectLeaders(std::move(astray), ElectionRule::kPreferred);
  SendBatch();
  if (moved == 0) co_return;
  Tell({.name = "leaders_moved",
        .text = absl::StrCat(moved, " leaders moved (preferred)"),
        .numbers = {{"moved", moved}, {"offline", 0}, {"took_ms", 0}}});
}

// Now and then, for the brokers that lead too little of what they should.
Async<> Controller::Rebalance(int32_t epoch) {
  int64_t wait_us = options_.rebalance_after_us;
  while (active_ && epoch_ == epoch) {
    co_await Sleep(executor_, wait_us);
    wait_us = options_.rebalance_every_us;
    std::map<int32_t, std::pair<int64_t, int64_t>> by_broker;  // astray, all
    for (const auto& [id, partition] : context_.partitions) {
      if (partition.replicas.empty() || context_.deleting.contains(id.first)) continue;
      auto& [astray, all] = by_broker[partition.replicas.front()];
      ++all;
      astray += IsAstray(id, partition, context_) ? 1 : 0;
    }
    for (const auto& [broker, counts] : by_broker) {
      if (counts.first * 100 <= counts.second * kImbalancePercentMax) continue;
      Push([this] { return ElectAllPreferred(); });
      break;
    }
  }
}

// The node of the old tool; Kafka deletes it even when it is not there.
Async<> Controller::TakeLegacyPreferred() {
  if (!active_) co_return;
  const std::string path(kafka::kPreferredElectionPath);
  const auto node = co_await session_->GetData(path);
  if (node.ok()) {
    const auto wanted = kafka::DecodePreferredElection(node.value.data.value_or(""));
    std::vector<PartitionId> ids;
    if (wanted.ok()) {
      for (const PartitionId& id : *wanted) {
        const auto known = context_.partitions.find(id);
        if (known != context_.partitions.end() && IsAstray(id, known->second, context_)) {
          ids.push_back(id);
        }
      }
    }
    co_await ElectLeaders(std::move(ids), ElectionRule::kPreferred);
    SendBatch();
  }
  co_await DeleteFenced(path);
  if (active_) co_await session_->Exists(path);  // for the next one
}

}  // namespace rookery::broker_sim
