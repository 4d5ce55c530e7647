// What a leader answers: fetches of followers and consumers, and produces.
#include <algorithm>
#include <utility>

#include "broker-sim/replica/replica_manager.h"

namespace rookery::broker_sim {

FetchResponse::One ReplicaManager::ReadOne(const PartitionId& id, const FetchRequest::One& one,
                                           int32_t replica, int64_t bytes_max) {
  FetchResponse::One answer;
  const auto found = partitions_.find(id);
  if (found == partitions_.end()) {
    answer.error = Error::kUnknownTopicOrPartition;
    return answer;
  }
  LocalPartition& partition = found->second;
  const int32_t epoch = partition.state().leader_epoch;
  if (one.leader_epoch >= 0 && one.leader_epoch < epoch) {
    answer.error = Error::kFencedLeaderEpoch;
  } else if (one.leader_epoch > epoch) {
    answer.error = Error::kUnknownLeaderEpoch;
  } else if (!partition.leads()) {
    answer.error = Error::kNotLeaderOrFollower;
  }
  if (answer.error != Error::kNone) return answer;
  const bool follower = replica >= 0;
  if (follower && one.last_fetched_epoch >= 0) {
    const EpochEnd end = partition.log().EndOf(one.last_fetched_epoch);
    if (end.epoch < one.last_fetched_epoch || end.end < one.offset) {
      answer.diverging = EpochEnd{end.epoch, std::max<int64_t>(end.end, 0)};
      answer.high_watermark = partition.watermark();
      return answer;
    }
  }
  if (one.offset > (follower ? partition.log().end() : partition.watermark()) || one.offset < 0) {
    // A follower that is ahead cuts back; a consumer may have read from a leader that knew a higher
    // watermark than this one does yet.
    answer.error = Error::kOffsetOutOfRange;
    answer.high_watermark = partition.watermark();
    if (follower) answer.diverging = EpochEnd{-1, partition.log().end()};
    return answer;
  }
  if (follower) {
    partition.OnFollowerFetch(replica, one.offset, clock_->NowUs());
    Rise(&partition);
    if (auto isr = partition.Expand(replica)) AskForIsr(id, *std::move(isr));
  }
  if (follower && IsHeldBack(world_.leader_quota, id, partition.InSync(replica))) {
    answer.high_watermark = partition.watermark();
    return answer;  // without records
  }
  const int64_t limit = follower ? partition.log().end() : partition.watermark();
  answer.records = partition.log().Read(one.offset, limit, bytes_max);
  answer.high_watermark = partition.watermark();
  return answer;
}

FetchResponse ReplicaManager::ReadNow(const FetchRequest& request, int64_t* bytes) {
  FetchResponse response;
  *bytes = 0;
  for (const auto& [id, one] : request.partitions) {
    const int64_t room = std::max<int64_t>(request.bytes_max - *bytes, 0);
    if (room == 0) break;
    FetchResponse::One answer = ReadOne(id, one, request.replica, room);
    for (const Record& record : answer.records) *bytes += record.bytes;
    response.partitions[id] = std::move(answer);
  }
  return response;
}

Async<FetchResponse> ReplicaManager::Fetch(FetchRequest request) {
  const int64_t deadline_us = clock_->NowUs() + request.wait_max_us;
  while (true) {
    int64_t bytes = 0;
    FetchResponse response = ReadNow(request, &bytes);
    const bool news =
        std::any_of(response.partitions.begin(), response.partitions.end(), [&](const auto& entry) {
          return entry.second.error != Error::kNone || entry.second.diverging.has_value();
        });
    const int64_t left_us = deadline_us - clock_->NowUs();
    if (bytes > 0 || news || left_us <= 0) {
      if (request.replica >= 0) CountFetched(world_.leader_quota, response);
      co_return response;
    }
    co_await appended_.Wait(left_us);
  }
}

Async<ProduceResponse> ReplicaManager::Produce(ProduceRequest request) {
  ProduceResponse response;
  const auto found = partitions_.find(request.id);
  if (found == partitions_.end() || !found->second.leads()) {
    response.error =
        found == partitions_.end() ? Error::kUnknownTopicOrPartition : Error::kNotLeaderOrFollower;
    co_return response;
  }
  LocalPartition* partition = &found->second;
  const int min_isr = world_.min_isr(request.id.first);
  if (request.acks_all && static_cast<int>(partition->state().isr.size()) < min_isr) {
    response.error = Error::kNotEnoughReplicas;
    co_return response;
  }
  const int32_t epoch = partition->state().leader_epoch;
  const auto last = static_cast<int64_t>(request.records.size());
  switch (partition->log().Judge(request.records, &response.base_offset)) {
    case ReplicaLog::Batch::kOutOfOrder:
      response.error = Error::kOutOfOrderSequence;
      co_return response;
    case ReplicaLog::Batch::kDuplicate:
      break;
    case ReplicaLog::Batch::kNew:
      response.base_offset = partition->log().Append(std::move(request.records), epoch);
      Rise(partition);
      appended_.Notify();
      break;
  }
  if (!request.acks_all || options_.acknowledges_early) co_return response;
  const int64_t needed = response.base_offset + last;
  const int64_t deadline_us = clock_->NowUs() + request.timeout_us;
  while (true) {
    const auto still = partitions_.find(request.id);
    if (still == partitions_.end() || !still->second.leads() ||
        still->second.state().leader_epoch != epoch) {
      response.error = Error::kNotLeaderOrFollower;
      co_return response;
    }
    if (still->second.watermark() >= needed) {
      if (static_cast<int>(still->second.state().isr.size()) < min_isr) {
        response.error = Error::kNotEnoughReplicasAfterAppend;
      }
      co_return response;
    }
    const int64_t left_us = deadline_us - clock_->NowUs();
    if (left_us <= 0) {
      response.error = Error::kRequestTimedOut;
      co_return response;
    }
    co_await watermark_.Wait(left_us);
  }
}

}  // namespace rookery::broker_sim
