// The state machine of replicas: kafka-on-zookeeper 3.5.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

// Those with a leader are told whom to follow.
Async<> Controller::ReplicasOnline(std::vector<std::pair<PartitionId, int32_t>> replicas) {
  for (const auto& [id, replica] : replicas) {
    Partition& partition = PartitionOf(id);
    partition.replica_phases[replica] = ReplicaPhase::kOnline;
    if (partition.version >= 0) batch_.AddLeaderAndIsr({replica}, id, false);
  }
  co_return;
}

// They stop, and leave the in-sync replicas.
Async<> Controller::ReplicasOffline(std::vector<std::pair<PartitionId, int32_t>> replicas) {
  std::vector<Async<>> removals;
  for (const auto& [id, replica] : replicas) {
    const auto known = context_.partitions.find(id);
    if (known == context_.partitions.end()) continue;
    known->second.replica_phases[replica] = ReplicaPhase::kOffline;
    batch_.AddStopReplica(replica, id, false);
    if (known->second.version >= 0) removals.push_back(RemoveFromIsr(id, replica));
  }
  co_await RunAll(std::move(removals));
}

// The state is read again first. The only member stays, without being the leader: it may lead when
// it comes back.
Async<> Controller::RemoveFromIsr(PartitionId id, int32_t replica) {
  while (active_ && context_.partitions.contains(id)) {
    co_await ReadState(id);
    const auto known = context_.partitions.find(id);
    if (!active_ || known == context_.partitions.end()) co_return;
    kafka::PartitionState state = known->second.state;
    if (state.controller_epoch > epoch_ && !options_.ignores_fence) co_return;
    if (!Contains(state.isr, replica)) co_return;
    if (state.leader == replica) state.leader = -1;
    if (state.isr.size() > 1) state.isr = Without(state.isr, {replica});
    ++state.leader_epoch;
    const Written written = co_await WriteState(id, std::move(state));
    if (written == Written::kConflict) continue;
    if (written == Written::kRefused || !context_.partitions.contains(id)) co_return;
    const Partition& partition = PartitionOf(id);
    if (!context_.deleting.contains(id.first)) {
      batch_.AddLeaderAndIsr(Without(partition.replicas, {replica}), id, false);
    }
    co_return;
  }
}

// Under the version that was read.
Async<Controller::Written> Controller::WriteState(PartitionId id, kafka::PartitionState state) {
  if (!active_) co_return Written::kRefused;
  state.controller_epoch = epoch_;
  model::Data data = kafka::EncodePartitionState(state);
  const auto result = co_await SetFenced(kafka::PartitionStatePath(id.first, id.second),
                                         std::move(data), PartitionOf(id).version);
  if (!result.ok()) {
    const bool conflict =
        result.value.parts.size() == 2 && result.value.parts[1].error == ErrorCode::kBadVersion;
    co_return conflict ? Written::kConflict : Written::kRefused;
  }
  const auto known = context_.partitions.find(id);
  if (known == context_.partitions.end()) co_return Written::kRefused;
  known->second.state = std::move(state);
  known->second.version = std::get<model::StatReply>(result.value.parts[1].body).stat.version;
  co_return Written::kDone;
}

}  // namespace rookery::broker_sim
