// Partitions that move to other brokers: kafka-on-zookeeper 3.10.
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/admin.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

void Controller::Reassign(PartitionId id, kafka::Replicas targets) {
  Push([this, id = std::move(id), targets = std::move(targets)] {
    return BeginReassignment(id, targets);
  });
}

// The replicas become the targets, then those that are left; what is added and removed stands in
// the topic's node, before anything happens. No targets: back to the original ones.
Async<> Controller::BeginReassignment(PartitionId id, kafka::Replicas targets) {
  const auto known = context_.partitions.find(id);
  if (!active_ || known == context_.partitions.end() || context_.deleting.contains(id.first)) {
    co_return;
  }
  Partition& partition = known->second;
  const kafka::Replicas original = partition.original();
  if (targets.empty()) {
    if (!partition.reassigning()) co_return;
    targets = original;
  }
  for (const int32_t replica : targets) {
    if (!Contains(original, replica) && !context_.IsOnline(replica)) {
      Tell({.name = "error",
            .text = absl::StrCat(id.first, "-", id.second, " cannot move to broker ", replica,
                                 ", which is not alive")});
      co_return;
    }
  }
  const kafka::Replicas dropped = Without(partition.adding, targets);
  kafka::Replicas all = targets;
  for (const int32_t replica : original) {
    if (!Contains(all, replica)) all.push_back(replica);
  }
  const kafka::Replicas adding = Without(targets, original);
  const kafka::Replicas removing = Without(original, targets);
  const bool changes = std::tie(all, adding, removing) !=
                       std::tie(partition.replicas, partition.adding, partition.removing);
  partition.replicas = std::move(all);
  partition.adding = adding;
  partition.removing = removing;
  partition.moving = true;
  if (changes) co_await WriteAssignment(id.first);
  if (!active_ || !context_.partitions.contains(id)) co_return;
  for (const int32_t replica : dropped) {
    batch_.AddStopReplica(replica, id, true);
    PartitionOf(id).replica_phases.erase(replica);
  }
  std::vector<std::pair<PartitionId, int32_t>> leaving;
  for (const int32_t replica : dropped) leaving.emplace_back(id, replica);
  co_await ReplicasOffline(std::move(leaving));
  SendBatch();
  co_await OnReassignment(id);
}

Async<> Controller::WriteAssignment(std::string topic) {
  kafka::TopicAssignment& assignment = context_.topics[topic];
  assignment.adding.clear();
  assignment.removing.clear();
  for (const PartitionId& id : context_.PartitionsOf(topic)) {
    const Partition& partition = PartitionOf(id);
    assignment.partitions[id.second] = partition.replicas;
    if (!partition.adding.empty()) assignment.adding[id.second] = partition.adding;
    if (!partition.removing.empty()) assignment.removing[id.second] = partition.removing;
  }
  model::Data data = kafka::EncodeTopic(assignment);
  co_await SetFenced(kafka::TopicPath(topic), std::move(data), -1);
}

// As far as it can go now: either the targets are asked to catch up, or they have.
Async<> Controller::OnReassignment(PartitionId id) {
  const auto known = context_.partitions.find(id);
  if (!active_ || known == context_.partitions.end() || !known->second.reassigning()) co_return;
  const kafka::Replicas targets = known->second.target();
  bool in_sync = true;
  for (const int32_t replica : targets) {
    in_sync = in_sync && Contains(known->second.state.isr, replica);
  }
  if (in_sync) {
    co_await CompleteReassignment(id);
    co_return;
  }
  bool asked = true;
  for (const int32_t replica : known->second.adding) {
    asked = asked && known->second.replica_phases.contains(replica);
  }
  if (asked && !known->second.adding.empty()) co_return;  // they are catching up
  co_await ReadState(id);
  if (!active_ || !context_.partitions.contains(id)) co_return;
  kafka::PartitionState state = PartitionOf(id).state;
  ++state.leader_epoch;
  co_await WriteState(id, std::move(state));
  if (!active_ || !context_.partitions.contains(id)) co_return;
  Partition& partition = PartitionOf(id);
  batch_.AddLeaderAndIsr(partition.original(), id, false);
  batch_.AddLeaderAndIsr(partition.adding, id, true);
  for (const int32_t replica : partition.adding) {
    partition.replica_phases[replica] = ReplicaPhase::kNew;
  }
  SendBatch();
}

Async<> Controller::CompleteReassignment(PartitionId id) {
  Partition& partition = PartitionOf(id);
  const kafka::Replicas targets = partition.target();
  const kafka::Replicas leaving = partition.removing;
  for (const int32_t replica : partition.adding) {
    partition.replica_phases[replica] = ReplicaPhase::kOnline;
  }
  if (!Contains(targets, partition.state.leader) || !context_.IsOnline(partition.state.leader)) {
    std::vector<PartitionId> led_astray(1, id);
    co_await ElectLeaders(std::move(led_astray), ElectionRule::kReassign);
  } else {
    kafka::PartitionState state = partition.state;
    ++state.leader_epoch;
    if (co_await WriteState(id, std::move(state)) == Written::kDone) {
      batch_.AddLeaderAndIsr(targets, id, false);
    }
  }
  SendBatch();
  std::vector<std::pair<PartitionId, int32_t>> stopped;
  for (const int32_t replica : leaving) stopped.emplace_back(id, replica);
  co_await ReplicasOffline(std::move(stopped));
  if (!active_ || !context_.partitions.contains(id)) co_return;
  for (const int32_t replica : leaving) {
    batch_.AddStopReplica(replica, id, true);
    PartitionOf(id).replica_phases.erase(replica);
  }
  SendBatch();
  Partition& moved = PartitionOf(id);
  moved.replicas = targets;
  moved.adding.clear();
  moved.removing.clear();
  moved.moving = false;
  co_await WriteAssignment(id.first);
  batch_.AddUpdateMetadata(context_.LiveIds(), {id});
  SendBatch();
  if (!active_) co_return;
  Tell({.name = "reassigned",
        .text =
            absl::StrCat(id.first, "-", id.second, " has moved to ", absl::StrJoin(targets, ",")),
        .numbers = {{"partition", id.second}},
        .words = {{"topic", id.first}}});
  context_.deletion_ineligible.erase(id.first);
  co_await ResumeDeletions();
}

Async<> Controller::ResumeReassignments() {
  std::vector<PartitionId> moving;
  for (const auto& [id, partition] : context_.partitions) {
    if (partition.reassigning()) moving.push_back(id);
  }
  for (const PartitionId& id : moving) co_await OnReassignment(id);
}

// The node of the tool of before 2.4 is still honoured, and removed once it was read.
Async<> Controller::TakeLegacyReassignment() {
  if (!active_) co_return;
  const std::string path(kafka::kReassignPath);
  const auto present = co_await session_->Exists(path);
  if (!present.ok()) co_return;
  const auto node = co_await session_->GetData(path);
  const auto moves = kafka::DecodeReassignment(node.value.data.value_or(""));
  if (!moves.ok()) {
    Tell({.name = "error", .text = std::string(moves.status().message())});
    co_return;
  }
  for (const auto& [id, targets] : *moves) co_await BeginReassignment(id, targets);
  co_await DeleteFenced(path);
}

}  // namespace rookery::broker_sim
