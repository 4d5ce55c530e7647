// Changes of who belongs to the group, and of who leads it.
#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/consensus/raft/loop.h"

namespace rookery::consensus {
namespace {

uint32_t KindOf(MemberChange::Kind kind) {
  switch (kind) {
    case MemberChange::Kind::kAddVoter:
      return RC_ADD_VOTER;
    case MemberChange::Kind::kAddLearner:
      return RC_ADD_LEARNER;
    case MemberChange::Kind::kRemove:
      break;
  }
  return RC_REMOVE;
}

absl::Status NotLeading(EngineId leader) {
  return absl::FailedPreconditionError(
      leader == 0 ? std::string("this server does not lead, and no leader is known: try again")
                  : absl::StrCat("this server does not lead: ask server ", leader));
}

}  // namespace

absl::Status RaftLoop::CheckChange(const MemberChange& change) const {
  const bool leaves = change.kind != MemberChange::Kind::kAddVoter;
  if (change.id == options_.id && leaves) {
    return absl::FailedPreconditionError(
        absl::StrCat("server ", change.id, " leads and cannot leave: transfer leadership first"));
  }
  if (change.kind == MemberChange::Kind::kRemove) {
    if (configuration_.Contains(change.id)) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("there is no member ", change.id));
  }
  if (configuration_.Contains(change.id)) {
    if (leaves || configuration_.IsVoter(change.id)) return absl::OkStatus();
    // A learner that becomes a voter before it has the log would stop commits until it has.
    const consensus::Status status = GetStatus();
    for (const consensus::Status::Peer& peer : status.peers) {
      if (peer.id != change.id) continue;
      const uint64_t lacks =
          status.commit_index - std::min(status.commit_index, peer.matched_index);
      const bool answers = peer.recently_active && peer.matched_index > 0;
      if (answers && lacks <= options_.caught_up_entries_max) return absl::OkStatus();
      return absl::FailedPreconditionError(
          absl::StrCat("learner ", change.id, " lacks ", lacks, " entries",
                       answers ? "" : " and does not answer", ": let it catch up"));
    }
  }
  const size_t members = configuration_.voters.size() + configuration_.learners.size();
  if (members >= RC_MAX_PEERS) {
    return absl::FailedPreconditionError(
        absl::StrCat("there are ", members, " members already, as many as there may be"));
  }
  return absl::OkStatus();
}

absl::Status RaftLoop::ChangeMembers(const std::vector<MemberChange>& changes,
                                     std::string context) {
  if (stopped_ || !IsLeader()) return NotLeading(leader_);
  if (changes.empty()) return absl::InvalidArgumentError("a change needs at least one member");
  std::vector<rc_conf_single> singles;
  for (const MemberChange& change : changes) {
    if (absl::Status status = CheckChange(change); !status.ok()) return status;
    singles.push_back({.kind = KindOf(change.kind), .id = change.id});
  }
  const uint32_t transition = changes.size() > 1 ? RC_JOINT_AUTO_LEAVE : RC_AUTO;
  switch (engine_.Call(rc_propose_conf, singles.data(), singles.size(), transition, ViewOf(context),
                       uint8_t{1})) {
    case RC_OK:
      SchedulePump();
      return absl::OkStatus();
    case RC_NOT_LEADER:
      return NotLeading(leader_);
    case RC_PENDING_CONF:
      return absl::FailedPreconditionError("an earlier change of members is not applied yet: wait");
    case RC_REFUSED:
      return absl::FailedPreconditionError("an earlier change of members is half way: wait");
    case RC_INVALID:
      return absl::InvalidArgumentError(
          "a change must name each member once and leave at least one voter");
    default:
      return absl::FailedPreconditionError(
          "the leader takes no proposals now (transfer under way, or its limits reached): wait");
  }
}

absl::Status RaftLoop::Transfer(EngineId to) {
  if (stopped_ || !IsLeader()) return NotLeading(leader_);
  if (to == options_.id) return absl::OkStatus();
  const consensus::Status status = GetStatus();
  for (const consensus::Status::Peer& peer : status.peers) {
    if (peer.id != to || !configuration_.IsVoter(to)) continue;
    if (!peer.connected) {
      return absl::FailedPreconditionError(absl::StrCat("server ", to, " is not connected"));
    }
    const uint64_t lacks = status.commit_index - std::min(status.commit_index, peer.matched_index);
    if (lacks > options_.caught_up_entries_max) {
      return absl::FailedPreconditionError(
          absl::StrCat("server ", to, " lacks ", lacks, " entries: let it catch up"));
    }
    LogInfo("handing leadership over", {{"to", to}});
    engine_.Call(rc_transfer, to);
    SchedulePump();
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat("server ", to, " is no voter"));
}

// R8: the engine proposes the leave in one place only, and an explicit joint change never.
void RaftLoop::LeaveJointConfiguration() {
  if (!IsLeader() || !leader_ready_ || configuration_.outgoing.empty()) return;
  // Refused while the joint configuration, or a leave proposed before, is not applied.
  if (engine_.Call(rc_propose_conf, static_cast<const rc_conf_single*>(nullptr), size_t{0},
                   uint32_t{RC_AUTO}, ViewOf(""), uint8_t{1}) == RC_OK) {
    LogInfo("leaving a joint configuration");
  }
}

}  // namespace rookery::consensus
