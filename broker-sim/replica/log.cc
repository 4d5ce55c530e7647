#include "broker-sim/replica/log.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"

namespace rookery::broker_sim {
namespace {

constexpr size_t kBatchesRemembered = 5;

}  // namespace

ReplicaLog::Batch ReplicaLog::Judge(const std::vector<Record>& batch, int64_t* base_offset) const {
  const auto known = producers_.find(batch.front().producer_id);
  const int32_t first = batch.front().sequence;
  if (known == producers_.end()) return Batch::kNew;  // of a producer unknown here any number fits
  for (const Seen& seen : known->second) {
    if (seen.first != first || seen.last != batch.back().sequence) continue;
    *base_offset = seen.base_offset;
    return Batch::kDuplicate;
  }
  return first == known->second.back().last + 1 ? Batch::kNew : Batch::kOutOfOrder;
}

int64_t ReplicaLog::Append(std::vector<Record> batch, int32_t leader_epoch) {
  const int64_t base = end();
  for (Record& record : batch) {
    record.offset = end();
    record.leader_epoch = leader_epoch;
    record.batch_sequence = batch.front().sequence;
    records_.push_back(record);
  }
  batch.front().offset = base;
  Remember(batch);
  return base;
}

void ReplicaLog::AppendFetched(const std::vector<Record>& records) {
  std::vector<Record> batch;
  for (const Record& record : records) {
    ROOKERY_CHECK(record.offset == end());
    records_.push_back(record);
    const bool continues = !batch.empty() && batch.back().producer_id == record.producer_id &&
                           batch.back().batch_sequence == record.batch_sequence;
    if (!batch.empty() && !continues) {
      Remember(batch);
      batch.clear();
    }
    batch.push_back(record);
  }
  if (!batch.empty()) Remember(batch);
}

void ReplicaLog::TruncateTo(int64_t offset) {
  if (offset >= end()) return;
  records_.resize(static_cast<size_t>(std::max<int64_t>(0, offset)));
  checkpointed_watermark = std::min(checkpointed_watermark, end());
  RememberAll();
}

void ReplicaLog::Remember(const std::vector<Record>& batch) {
  if (batch.front().producer_id < 0) return;
  std::deque<Seen>& seen = producers_[batch.front().producer_id];
  seen.push_back({batch.front().sequence, batch.back().sequence, batch.front().offset});
  if (seen.size() > kBatchesRemembered) seen.pop_front();
}

void ReplicaLog::RememberAll() {
  producers_.clear();
  const std::vector<Record> all = std::exchange(records_, {});
  AppendFetched(all);
}

EpochEnd ReplicaLog::EndOf(int32_t epoch) const {
  const auto behind = std::upper_bound(
      records_.begin(), records_.end(), epoch,
      [](int32_t wanted, const Record& record) { return wanted < record.leader_epoch; });
  if (behind == records_.begin()) return {};
  return {(behind - 1)->leader_epoch, behind - records_.begin()};
}

std::vector<Record> ReplicaLog::Read(int64_t offset, int64_t limit, int64_t bytes_max) const {
  std::vector<Record> read;
  int64_t bytes = 0;
  for (int64_t at = offset; at < std::min(limit, end()); ++at) {
    const Record& record = records_[static_cast<size_t>(at)];
    bytes += record.bytes;
    if (!read.empty() && bytes > bytes_max) break;
    read.push_back(record);
  }
  return read;
}

}  // namespace rookery::broker_sim
