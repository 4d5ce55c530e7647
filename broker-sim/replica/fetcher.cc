// A follower's side: fetch from each leader what it leads for us, and cut back where the logs part.
#include <algorithm>
#include <utility>

#include "broker-sim/replica/replica_manager.h"

namespace rookery::broker_sim {

Async<> ReplicaManager::FetchFrom(int32_t leader) {
  constexpr int64_t kAnswerWithinUs = 30'000'000;
  constexpr int64_t kIdleUs = 1'000'000;
  while (true) {
    FetchRequest request;
    request.replica = self_;
    request.wait_max_us = options_.fetch_wait_us;
    for (const auto& [id, partition] : partitions_) {
      if (partition.state().leader != leader) continue;
      request.partitions[id] = {partition.state().leader_epoch, partition.log().end(),
                                partition.log().last_epoch()};
    }
    if (request.partitions.empty()) {
      co_await followed_.Wait(kIdleUs);
      continue;
    }
    const auto asked = request.partitions;
    const auto response =
        co_await fabric_->Call(executor_, leader, std::move(request), kAnswerWithinUs);
    bool failed = !response.has_value();
    if (response.has_value()) {
      for (const auto& [id, fetched] : response->partitions) {
        const auto asked_one = asked.find(id);
        if (asked_one == asked.end()) continue;
        TakeFetched(id, asked_one->second, fetched);
        failed = failed || (fetched.error != Error::kNone && !fetched.diverging.has_value());
      }
    }
    // A leader that does not know of it yet, or is gone: LeaderAndIsr will tell what comes next.
    if (failed) co_await followed_.Wait(options_.fetch_backoff_us);
  }
}

void ReplicaManager::TakeFetched(const PartitionId& id, const FetchRequest::One& asked,
                                 const FetchResponse::One& fetched) {
  const auto found = partitions_.find(id);
  if (found == partitions_.end()) return;
  LocalPartition& partition = found->second;
  ReplicaLog& log = partition.log();
  // An answer to what was asked in an earlier epoch, or before the log was cut, says nothing.
  if (partition.leads() || partition.state().leader_epoch != asked.leader_epoch ||
      log.end() != asked.offset) {
    return;
  }
  if (fetched.diverging.has_value()) {
    const EpochEnd own = log.EndOf(fetched.diverging->epoch);
    const int64_t common = std::min(fetched.diverging->end, own.epoch < 0 ? 0 : own.end);
    log.TruncateTo(fetched.diverging->epoch < 0 ? fetched.diverging->end : common);
    partition.FollowWatermark(std::min(partition.watermark(), log.end()));
    return;
  }
  if (fetched.error != Error::kNone) return;
  log.AppendFetched(fetched.records);
  partition.FollowWatermark(fetched.high_watermark);
}

}  // namespace rookery::broker_sim
