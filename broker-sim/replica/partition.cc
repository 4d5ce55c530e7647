#include "broker-sim/replica/partition.h"

#include <algorithm>

namespace rookery::broker_sim {
namespace {

bool Contains(const kafka::Replicas& replicas, int32_t id) {
  return std::find(replicas.begin(), replicas.end(), id) != replicas.end();
}

}  // namespace

bool LocalPartition::InSync(int32_t replica) const { return Contains(state_.isr, replica); }

bool LocalPartition::Take(const PartitionLeadership& said, int64_t now_us) {
  if (version_ >= 0 &&
      (said.state.leader_epoch < state_.leader_epoch ||
       (said.state.leader_epoch == state_.leader_epoch && said.version <= version_))) {
    return false;
  }
  const bool new_epoch = version_ < 0 || said.state.leader_epoch > state_.leader_epoch;
  state_ = said.state;
  version_ = said.version;
  replicas_ = said.replicas;
  pending_.reset();
  if (!leads()) {
    followers_.clear();
    return true;
  }
  if (new_epoch) epoch_start_ = log_->end();
  std::map<int32_t, Follower> before = std::exchange(followers_, {});
  for (const int32_t replica : replicas_) {
    if (replica == self_) continue;
    Follower& follower = followers_[replica];
    if (!new_epoch && before.contains(replica)) {
      follower = before[replica];
      continue;
    }
    // Whoever is in sync counts as caught up now; the others have to show it.
    follower.caught_up_us = InSync(replica) ? now_us : 0;
  }
  return true;
}

void LocalPartition::OnFollowerFetch(int32_t replica, int64_t offset, int64_t now_us) {
  const auto found = followers_.find(replica);
  if (found == followers_.end()) return;
  Follower& follower = found->second;
  // It has what there was at its last fetch: then, at the latest, it was caught up.
  if (offset >= log_->end()) {
    follower.caught_up_us = now_us;
  } else if (follower.end >= 0 && offset >= follower.leaders_end_then) {
    follower.caught_up_us = std::max(follower.caught_up_us, follower.fetched_us);
  }
  follower.end = offset;
  follower.fetched_us = now_us;
  follower.leaders_end_then = log_->end();
}

bool LocalPartition::AdvanceWatermark(int64_t now_us, int64_t lag_max_us) {
  if (!leads()) return false;
  int64_t lowest = log_->end();
  for (const auto& [replica, follower] : followers_) {
    // While a change is under way both the old and the new replicas must have a record; so must one
    // that keeps up and is about to be taken in.
    const bool must = InSync(replica) || (pending_.has_value() && Contains(*pending_, replica)) ||
                      (follower.end >= 0 && now_us - follower.caught_up_us <= lag_max_us);
    if (must) lowest = std::min(lowest, std::max<int64_t>(follower.end, 0));
  }
  if (lowest <= watermark_) return false;
  watermark_ = lowest;
  return true;
}

std::optional<kafka::Replicas> LocalPartition::Expand(int32_t replica) const {
  const auto follower = followers_.find(replica);
  if (!leads() || pending_.has_value() || follower == followers_.end() || InSync(replica)) {
    return std::nullopt;
  }
  if (follower->second.end < watermark_ || follower->second.end < epoch_start_) {
    return std::nullopt;
  }
  kafka::Replicas isr = state_.isr;
  isr.push_back(replica);
  return isr;
}

std::optional<kafka::Replicas> LocalPartition::Shrink(int64_t now_us, int64_t lag_max_us) const {
  if (!leads() || pending_.has_value()) return std::nullopt;
  kafka::Replicas isr;
  for (const int32_t replica : state_.isr) {
    const auto follower = followers_.find(replica);
    const bool behind = follower != followers_.end() && follower->second.end < log_->end() &&
                        now_us - follower->second.caught_up_us > lag_max_us;
    if (!behind) isr.push_back(replica);
  }
  if (isr.size() == state_.isr.size()) return std::nullopt;
  return isr;
}

void LocalPartition::TakeChange(const PartitionLeadership& now) {
  pending_.reset();
  if (now.state.leader_epoch != state_.leader_epoch || now.version <= version_) return;
  state_ = now.state;
  version_ = now.version;
}

}  // namespace rookery::broker_sim
