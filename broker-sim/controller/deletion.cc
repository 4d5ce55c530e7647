// Topics that are deleted: kafka-on-zookeeper 3.9.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

Async<> Controller::OnDeletionsChanged() {
  if (!active_) co_return;
  const auto names = co_await session_->GetChildren(std::string(kafka::kDeleteTopicsPath));
  if (!active_ || !names.ok()) co_return;
  for (const std::string& topic : names.value.children) {
    if (!context_.topics.contains(topic)) {
      co_await DeleteFenced(kafka::DeleteTopicPath(topic));  // there is no such topic
      continue;
    }
    if (!context_.deleting.insert(topic).second) continue;
    for (const PartitionId& id : context_.PartitionsOf(topic)) {
      if (PartitionOf(id).reassigning()) context_.deletion_ineligible.insert(topic);
    }
  }
  co_await ResumeDeletions();
}

// Begins what is eligible: no replica offline, no reassignment.
Async<> Controller::ResumeDeletions() {
  for (const std::string& topic : std::set<std::string>(context_.deleting)) {
    if (!active_) co_return;
    if (context_.deletion_ineligible.contains(topic) || context_.deletion_begun.contains(topic)) {
      continue;
    }
    bool eligible = true;
    for (const PartitionId& id : context_.PartitionsOf(topic)) {
      const Partition& partition = PartitionOf(id);
      eligible = eligible && !partition.reassigning();
      for (const int32_t replica : partition.replicas) {
        eligible = eligible && context_.live.contains(replica);
      }
    }
    if (eligible) {
      co_await BeginDeletion(topic);
    } else {
      context_.deletion_ineligible.insert(topic);  // until a broker comes back
    }
  }
}

// Kafka rewrites the state of each partition for each replica that goes offline, then asks the
// brokers to remove their logs.
Async<> Controller::BeginDeletion(std::string topic) {
  context_.deletion_begun.insert(topic);
  removed_.erase(topic);
  std::vector<std::pair<PartitionId, int32_t>> replicas;
  for (const PartitionId& id : context_.PartitionsOf(topic)) {
    Partition& partition = PartitionOf(id);
    partition.phase = PartitionPhase::kNonExistent;
    batch_.AddDeleted(id);
    for (const int32_t replica : partition.replicas) replicas.emplace_back(id, replica);
  }
  batch_.AddUpdateMetadata(context_.LiveIds(), {});
  SendBatch();
  co_await ReplicasOffline(replicas);
  SendBatch();
  for (const auto& [id, replica] : replicas) {
    const auto known = context_.partitions.find(id);
    if (known == context_.partitions.end()) continue;
    known->second.replica_phases[replica] = ReplicaPhase::kDeletionStarted;
    batch_.AddStopReplica(replica, id, true);
  }
  SendBatch();
}

Async<> Controller::OnReplicasRemoved(int32_t broker, std::vector<PartitionId> removed) {
  if (!active_) co_return;
  std::set<std::string> topics;
  for (const PartitionId& id : removed) {
    const auto known = context_.partitions.find(id);
    if (known == context_.partitions.end()) continue;
    ReplicaPhase& phase = known->second.replica_phases[broker];
    if (phase == ReplicaPhase::kDeletionStarted) phase = ReplicaPhase::kDeletionSuccessful;
    if (context_.deletion_begun.contains(id.first)) topics.insert(id.first);
  }
  for (const std::string& topic : topics) {
    bool all = true;
    for (const PartitionId& id : context_.PartitionsOf(topic)) {
      const Partition& partition = PartitionOf(id);
      for (const int32_t replica : partition.replicas) {
        const auto phase = partition.replica_phases.find(replica);
        all = all && phase != partition.replica_phases.end() &&
              phase->second == ReplicaPhase::kDeletionSuccessful;
      }
    }
    if (all) co_await FinishDeletion(topic);
  }
}

Async<> Controller::FinishDeletion(std::string topic) {
  co_await DeleteTree(kafka::TopicPath(topic));
  co_await DeleteFenced(kafka::TopicConfigPath(topic));
  co_await DeleteFenced(kafka::DeleteTopicPath(topic));
  if (!active_) co_return;
  context_.deleting.erase(topic);
  context_.deletion_begun.erase(topic);
  context_.deletion_ineligible.erase(topic);
  context_.topics.erase(topic);
  std::erase_if(context_.partitions, [&](const auto& entry) { return entry.first.first == topic; });
  session_->ForgetNode(kafka::TopicPath(topic));
  Tell({.name = "topic_deleted",
        .text = absl::StrCat("topic ", topic, " deleted"),
        .words = {{"topic", topic}}});
}

// One after the other, as Kafka does it: children first.
Async<> Controller::DeleteTree(std::string path) {
  const auto names = co_await session_->GetChildren(path);
  for (const std::string& name : names.value.children) {
    if (!active_) co_return;
    co_await DeleteTree(model::ChildPath(path, name));
  }
  if (active_) co_await DeleteFenced(path);
}

}  // namespace rookery::broker_sim
