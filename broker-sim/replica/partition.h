// One partition on one broker, as its leader or as a follower: high watermark, in-sync replicas,
// and who falls behind. Values in, values out. Source: kafka-on-zookeeper 3.7.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker-sim/fabric/messages.h"
#include "broker-sim/replica/log.h"

namespace rookery::broker_sim {

class LocalPartition {
 public:
  // The log outlives it.
  LocalPartition(int32_t self, PartitionId id, ReplicaLog* log)
      : self_(self), id_(std::move(id)), log_(log), watermark_(log->checkpointed_watermark) {}

  // Takes over what the controller says. False: it is older than what is known.
  bool Take(const PartitionLeadership& said, int64_t now_us);

  // As leader: a follower asks for what comes behind `offset`.
  void OnFollowerFetch(int32_t replica, int64_t offset, int64_t now_us);
  // As leader: the watermark follows the replicas that must have a record. True: it rose.
  bool AdvanceWatermark(int64_t now_us, int64_t lag_max_us);
  // As follower.
  void FollowWatermark(int64_t leaders) { watermark_ = std::min(leaders, log_->end()); }

  // As leader, while no change is under way: the in-sync replicas as they should be; nullopt: as
  // they are. `replica` has just fetched; without one, laggards are looked for.
  std::optional<kafka::Replicas> Expand(int32_t replica) const;
  std::optional<kafka::Replicas> Shrink(int64_t now_us, int64_t lag_max_us) const;
  void BeginChange(kafka::Replicas isr) { pending_ = std::move(isr); }
  void EndChange() { pending_.reset(); }
  // The controller has written what this leader asked for.
  void TakeChange(const PartitionLeadership& now);

  const PartitionId& id() const { return id_; }
  ReplicaLog& log() { return *log_; }
  const ReplicaLog& log() const { return *log_; }
  int64_t watermark() const { return watermark_; }
  bool leads() const { return state_.leader == self_; }
  const kafka::PartitionState& state() const { return state_; }
  int32_t version() const { return version_; }
  bool changing() const { return pending_.has_value(); }
  bool InSync(int32_t replica) const;

 private:
  struct Follower {
    int64_t end = -1;  // -1: has not fetched in this leader epoch
    int64_t caught_up_us = 0;
    int64_t fetched_us = 0;
    int64_t leaders_end_then = 0;
  };

  const int32_t self_;
  const PartitionId id_;
  ReplicaLog* const log_;
  int64_t watermark_;
  kafka::PartitionState state_;
  int32_t version_ = -1;
  kafka::Replicas replicas_;
  int64_t epoch_start_ = 0;  // end of the log when it became the leader
  std::map<int32_t, Follower> followers_;
  std::optional<kafka::Replicas> pending_;
};

}  // namespace rookery::broker_sim
