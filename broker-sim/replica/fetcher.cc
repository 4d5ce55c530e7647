// A follower's side: fetch from each leader what it leads for us, and cut back where the logs part.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "broker-sim/replica/replica_manager.h"

namespace rookery::broker_sim {

// A replica that is in sync is never held back, so that a throttle does not shrink the ISR.
bool ReplicaManager::IsHeldBack(ReplicationQuota* quota, const PartitionId& id, bool in_sync) {
  constexpr int64_t kTellEveryUs = 10'000'000;
  const int64_t now_us = clock_->NowUs();
  if (quota == nullptr || in_sync || !quota->Concerns(id.first, id.second) ||
      !quota->Exceeded(now_us / 1000)) {
    return false;
  }
  const auto [told, first] = held_back_told_us_.try_emplace(quota, now_us);
  if (first || now_us - told->second > kTellEveryUs) {
    told->second = now_us;
    timeline_->Tell({.name = "replication_throttled",
                     .broker = self_,
                     .text = absl::StrCat("broker ", self_, " holds back replicas of ", id.first,
                                          ": ", quota->rate_key(), " is ", quota->Limit()),
                     .words = {{"topic", id.first}}});
  }
  return true;
}

// Whatever passed for replicas that the throttle concerns, in sync or not.
void ReplicaManager::CountFetched(ReplicationQuota* quota, const FetchResponse& response) {
  if (quota == nullptr) return;
  int64_t bytes = 0;
  for (const auto& [id, one] : response.partitions) {
    if (one.records.empty() || !quota->Concerns(id.first, id.second)) continue;
    for (const Record& record : one.records) bytes += record.bytes;
  }
  if (bytes > 0) quota->Record(bytes, clock_->NowUs() / 1000);
}

// False: it is held back.
bool ReplicaManager::AddToFetch(const LocalPartition& partition, FetchRequest* request) {
  const auto lag = lags_.find(partition.id());
  const bool in_sync = lag != lags_.end() && lag->second <= 0;
  if (IsHeldBack(world_.follower_quota, partition.id(), in_sync)) return false;
  request->partitions[partition.id()] = {partition.state().leader_epoch, partition.log().end(),
                                         partition.log().last_epoch()};
  return true;
}

Async<> ReplicaManager::FetchFrom(int32_t leader) {
  constexpr int64_t kAnswerWithinUs = 30'000'000;
  constexpr int64_t kIdleUs = 1'000'000;
  while (true) {
    FetchRequest request;
    request.replica = self_;
    request.wait_max_us = options_.fetch_wait_us;
    bool held_back = false;
    for (const auto& [id, partition] : partitions_) {
      if (partition.state().leader != leader) continue;
      held_back = !AddToFetch(partition, &request) || held_back;
    }
    if (request.partitions.empty()) {
      co_await followed_.Wait(held_back ? options_.fetch_backoff_us : kIdleUs);
      continue;
    }
    const auto asked = request.partitions;
    const auto response =
        co_await fabric_->Call(executor_, leader, std::move(request), kAnswerWithinUs);
    bool failed = !response.has_value();
    if (response.has_value()) {
      CountFetched(world_.follower_quota, *response);
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
  lags_[id] = fetched.high_watermark - log.end();
}

}  // namespace rookery::broker_sim
