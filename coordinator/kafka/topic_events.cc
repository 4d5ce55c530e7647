#include "coordinator/kafka/topic_events.h"

#include <algorithm>

namespace rookery::kafka {
namespace {

Replicas Of(const std::map<int32_t, Replicas>& replicas, int32_t partition) {
  const auto at = replicas.find(partition);
  return at == replicas.end() ? Replicas() : at->second;
}

// In the order of `all`.
Replicas Without(const Replicas& all, const Replicas& others) {
  Replicas left;
  for (const int32_t one : all) {
    if (std::find(others.begin(), others.end(), one) == others.end()) left.push_back(one);
  }
  return left;
}

void TellReplicas(const std::string& topic, int32_t partition, const TopicAssignment& before,
                  const TopicAssignment& after, std::vector<MetadataEvent>* events) {
  const Replicas old_adding = Of(before.adding, partition);
  const Replicas old_removing = Of(before.removing, partition);
  const Replicas adding = Of(after.adding, partition);
  const Replicas removing = Of(after.removing, partition);
  const Replicas old_replicas = Of(before.partitions, partition);
  const Replicas replicas = Of(after.partitions, partition);
  const bool ran = !old_adding.empty() || !old_removing.empty();
  const bool runs = !adding.empty() || !removing.empty();
  if (runs && (adding != old_adding || removing != old_removing)) {
    events->push_back(ReassignmentStarted{topic, partition, replicas, adding, removing});
  } else if (ran && !runs) {
    events->push_back(ReassignmentEnded{topic, partition, replicas});
  } else if (!runs && replicas != old_replicas) {
    events->push_back(ReplicasChanged{topic, partition, old_replicas, replicas});
  }
}

}  // namespace

void TellTopic(const std::string& topic, const std::optional<TopicAssignment>& before,
               const std::optional<TopicAssignment>& after, std::vector<MetadataEvent>* events) {
  if (!after.has_value()) {
    if (before.has_value()) events->push_back(TopicDeleted{topic, before->topic_id});
    return;
  }
  if (!before.has_value()) {
    events->push_back(TopicCreated{topic, *after});
    return;
  }
  PartitionsAdded added{.topic = topic};
  for (const auto& [partition, replicas] : after->partitions) {
    if (!before->partitions.contains(partition)) added.partitions[partition] = replicas;
  }
  if (!added.partitions.empty()) events->push_back(std::move(added));
  for (const auto& [partition, replicas] : before->partitions) {
    if (after->partitions.contains(partition)) {
      TellReplicas(topic, partition, *before, *after, events);
    }
  }
}

void TellPartition(const std::string& topic, int32_t partition,
                   const std::optional<PartitionState>& before, const PartitionState& after,
                   int32_t version, std::vector<MetadataEvent>* events) {
  if (!before.has_value() || before->leader != after.leader ||
      before->leader_epoch != after.leader_epoch) {
    const int32_t previous = before.has_value() ? before->leader : -1;
    events->push_back(LeaderChanged{topic, partition, previous, after, version});
  }
  if (!before.has_value()) return;
  const Replicas removed = Without(before->isr, after.isr);
  const Replicas added = Without(after.isr, before->isr);
  if (removed.empty() && added.empty()) return;
  events->push_back(IsrChanged{topic, partition, removed, added, after, version});
}

}  // namespace rookery::kafka
