// A record of a simulated log. Its payload is not kept: what it would be follows from who sent it
// as which, and the checksum stands for it.
#pragma once

#include <cstdint>

namespace rookery::broker_sim {

struct Record {
  int64_t offset = -1;  // given by the leader
  int32_t leader_epoch = -1;
  int32_t sequence = 0;        // counted by the producer for each partition
  int32_t batch_sequence = 0;  // of the first record of its batch
  int64_t producer_id = -1;
  uint64_t checksum = 0;
  int32_t bytes = 0;
};

// Where a leader epoch ends in a log: the epoch that was found, and the offset behind its last
// record.
struct EpochEnd {
  int32_t epoch = -1;
  int64_t end = -1;
};

// What the payload of a producer's record would be summed up to.
inline uint64_t ChecksumOf(int64_t producer_id, int32_t partition, int32_t sequence) {
  uint64_t hash = static_cast<uint64_t>(producer_id) * 0x9e3779b97f4a7c15u;
  hash ^= (static_cast<uint64_t>(static_cast<uint32_t>(partition)) << 32) |
          static_cast<uint32_t>(sequence);
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

}  // namespace rookery::broker_sim
