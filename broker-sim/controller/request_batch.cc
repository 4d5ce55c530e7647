#include "broker-sim/controller/request_batch.h"

#include <utility>

namespace rookery::broker_sim {
namespace {

// nullopt: it has no leader record, so there is nothing to say of it.
std::optional<PartitionLeadership> Told(const Context& context, const PartitionId& id,
                                        bool is_new) {
  const auto known = context.partitions.find(id);
  if (known == context.partitions.end() || known->second.version < 0) return std::nullopt;
  return PartitionLeadership{.id = id,
                             .state = known->second.state,
                             .version = known->second.version,
                             .replicas = known->second.replicas,
                             .is_new = is_new};
}

}  // namespace

void RequestBatch::AddLeaderAndIsr(const kafka::Replicas& brokers, const PartitionId& id,
                                   bool is_new) {
  for (const int32_t broker : brokers) leadership_[broker][id] |= is_new;
  changed_.insert(id);
}

void RequestBatch::AddUpdateMetadata(const std::set<int32_t>& brokers,
                                     const std::vector<PartitionId>& partitions) {
  for (const int32_t broker : brokers) {
    metadata_[broker].insert(partitions.begin(), partitions.end());
  }
}

void RequestBatch::AddStopReplica(int32_t broker, const PartitionId& id, bool remove) {
  stops_[broker].push_back({id, remove});
}

void RequestBatch::Send(int32_t controller, int32_t epoch, const Context& context,
                        Channels* channels) {
  const std::set<int32_t> live = context.LiveIds();
  const auto with_racks = context.LiveWithRacks();
  const auto mark = [&](int32_t broker) {
    const auto known = context.live.find(broker);
    return ControllerMark{controller, epoch, known == context.live.end() ? 0 : known->second};
  };
  for (const auto& [broker, partitions] : std::exchange(leadership_, {})) {
    LeaderAndIsrRequest request = {.mark = mark(broker)};
    for (const auto& [id, is_new] : partitions) {
      if (auto told = Told(context, id, is_new)) request.partitions.push_back(*std::move(told));
    }
    if (live.contains(broker)) channels->Send(broker, std::move(request));
  }
  if (!changed_.empty() || !deleted_.empty()) {
    for (const int32_t broker : live) metadata_[broker].insert(changed_.begin(), changed_.end());
  }
  for (const auto& [broker, ids] : std::exchange(metadata_, {})) {
    UpdateMetadataRequest request = {
        .mark = mark(broker), .deleted = deleted_, .live_brokers = with_racks};
    for (const PartitionId& id : ids) {
      if (auto told = Told(context, id, false)) request.partitions.push_back(*std::move(told));
    }
    channels->Send(broker, std::move(request));
  }
  for (auto& [broker, partitions] : std::exchange(stops_, {})) {
    channels->Send(broker, StopReplicaRequest{mark(broker), std::move(partitions)});
  }
  changed_.clear();
  deleted_.clear();
}

}  // namespace rookery::broker_sim
