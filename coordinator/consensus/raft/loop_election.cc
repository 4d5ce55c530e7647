// Elections without waiting for the timeout: on sure news that the leader is gone, and at boot.
#include <algorithm>
#include <utility>

#include "coordinator/base/logging.h"
#include "coordinator/consensus/raft/campaign.h"
#include "coordinator/consensus/raft/loop.h"

namespace rookery::consensus {
namespace {

// Asking is cheap, but who is not heard by then leaves it to the election timeout.
constexpr int kCampaignsMax = 20;

}  // namespace

void RaftLoop::CampaignAfterNews(EngineId lost) {
  const int64_t now_us = parts_.clock->NowUs();
  const int64_t timeout_us = options_.tick_us * options_.election_ticks;
  // News that comes faster than elections end is a flapping link: it deposes nobody.
  if (last_news_us_ != 0 && now_us - last_news_us_ < timeout_us) return;
  last_news_us_ = now_us;
  LogInfo("the leader's process is gone: electing another", {{"leader", lost}});
  engine_.Call(rc_forget_leader);
  lost_ = lost;
  campaigns_ = 0;
  ScheduleCampaign(FirstCampaignDelayUs(CampaignRank(configuration_, options_.id, lost_),
                                        CampaignUnitUs(writer_.usual_write_us()), random_));
  SchedulePump();
}

void RaftLoop::ScheduleCampaign(int64_t delay_us) {
  parts_.core->Cancel(std::exchange(campaign_timer_, 0));
  if (!configuration_.IsVoter(options_.id)) return;
  campaign_timer_ = parts_.core->RunAfter(delay_us, [this, alive = alive_] {
    if (!*alive || stopped_) return;
    campaign_timer_ = 0;
    Campaign();
  });
}

void RaftLoop::Campaign() {
  Pump();  // a leader may have spoken
  if (leader_ != 0 || IsLeader()) return;
  // A candidate waits for the votes it asked for.
  if (role_ != Role::kCandidate) engine_.Call(rc_campaign);
  if (++campaigns_ < kCampaignsMax) {
    ScheduleCampaign(NextCampaignDelayUs(CampaignRank(configuration_, options_.id, lost_),
                                         CampaignUnitUs(writer_.usual_write_us()), random_));
  }
  Pump();
}

void RaftLoop::CampaignAtBoot() {
  if (seen_leader_ || campaign_timer_ != 0 || !configuration_.IsVoter(options_.id)) return;
  if (!ConnectedToMajority()) return;
  lost_ = 0;
  campaigns_ = 0;
  const bool lone = configuration_.voters.size() == 1 && configuration_.outgoing.empty();
  ScheduleCampaign(lone ? 0
                        : FirstCampaignDelayUs(CampaignRank(configuration_, options_.id, 0),
                                               CampaignUnitUs(writer_.usual_write_us()), random_));
}

bool RaftLoop::ConnectedToMajority() const {
  const auto majority = [&](const std::vector<EngineId>& voters) {
    const auto reached = std::count_if(voters.begin(), voters.end(), [&](EngineId id) {
      const auto found = connected_.find(id);
      return id == options_.id || (found != connected_.end() && found->second);
    });
    return voters.empty() || static_cast<size_t>(reached) > voters.size() / 2;
  };
  return majority(configuration_.voters) && majority(configuration_.outgoing);
}

// A leader whose disk has stopped answering can neither commit alone nor apply: another takes over
// while its messages still get through. One that is caught up, and whose disk does better: where
// all wait for the same disk, a new leader would wait as well.
void RaftLoop::HandOverIfDiskStalls(int64_t now_us) {
  const int64_t since_us = writer_.writing_since_us();
  if (!IsLeader() || since_us == 0 || now_us - since_us < options_.disk_stall_us) return;
  if (last_hand_over_us_ != 0 && now_us - last_hand_over_us_ < options_.disk_stall_us) return;
  const consensus::Status status = GetStatus();
  EngineId best = 0;
  uint64_t best_matched = std::max(status.commit_index, status.durable_index + 1);
  for (const consensus::Status::Peer& peer : status.peers) {
    if (!configuration_.IsVoter(peer.id) || !peer.connected || !peer.recently_active) continue;
    if (peer.matched_index < best_matched || (best != 0 && peer.matched_index == best_matched)) {
      continue;
    }
    best = peer.id;
    best_matched = peer.matched_index;
  }
  if (best == 0) return;
  LogWarn("a log write takes too long on this disk: handing leadership over",
          {{"to", best}, {"waiting_us", now_us - since_us}});
  last_hand_over_us_ = now_us;
  engine_.Call(rc_transfer, best);
}

}  // namespace rookery::consensus
