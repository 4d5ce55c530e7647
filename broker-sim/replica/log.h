// A partition's log on one broker, kept in memory: it outlives the broker's process as files on a
// disk do. Offsets without gaps, leader epochs that only grow, and what is known of producers.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "broker-sim/fabric/record.h"

namespace rookery::broker_sim {

class ReplicaLog {
 public:
  int64_t end() const { return static_cast<int64_t>(records_.size()); }
  int32_t last_epoch() const { return records_.empty() ? -1 : records_.back().leader_epoch; }
  const std::vector<Record>& records() const { return records_; }

  // What an idempotent producer's batch means here.
  enum class Batch { kNew, kDuplicate, kOutOfOrder };
  // `base_offset` is set for a duplicate: where it was appended the first time.
  Batch Judge(const std::vector<Record>& batch, int64_t* base_offset) const;

  // As leader: gives offsets. The first one is returned.
  int64_t Append(std::vector<Record> batch, int32_t leader_epoch);
  // As follower: REQUIRES records that continue the log.
  void AppendFetched(const std::vector<Record>& records);
  // Drops everything from `offset` on.
  void TruncateTo(int64_t offset);

  // The largest epoch up to `epoch` and where it ends; {-1, -1} if every epoch is larger, or there
  // is no record. What a leader answers a follower whose last epoch is `epoch`.
  EpochEnd EndOf(int32_t epoch) const;
  // At most `bytes_max`, but one record if there is any; not from `limit` on.
  std::vector<Record> Read(int64_t offset, int64_t limit, int64_t bytes_max) const;

  // The high watermark as last written down, every few seconds.
  int64_t checkpointed_watermark = 0;

 private:
  // Kafka remembers the last five batches of a producer.
  struct Seen {
    int32_t first = 0, last = 0;
    int64_t base_offset = 0;
  };
  void Remember(const std::vector<Record>& batch);
  void RememberAll();

  std::vector<Record> records_;
  std::map<int64_t, std::deque<Seen>> producers_;
};

}  // namespace rookery::broker_sim
