#include "tests/sim/rare_paths.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/check.h"

namespace rookery::sim {

absl::string_view NameOf(Rare path) {
  switch (path) {
    case Rare::kElections:
      return "elections";
    case Rare::kDeposedLeaders:
      return "deposed_leaders";
    case Rare::kLostUnsynced:
      return "lost_unsynced_writes";
    case Rare::kTruncatedLogs:
      return "truncated_logs";
    case Rare::kCheckpointsMade:
      return "checkpoints_made";
    case Rare::kCheckpointsInstalled:
      return "checkpoints_installed";
    case Rare::kCheckpointsRefused:
      return "checkpoints_refused";
    case Rare::kJointEntered:
      return "joint_entered";
    case Rare::kJointLeft:
      return "joint_left";
    case Rare::kLearnersPromoted:
      return "learners_promoted";
    case Rare::kTransfers:
      return "transfers";
    case Rare::kResends:
      return "resends";
    case Rare::kResendsSkipped:
      return "resends_skipped";
    case Rare::kSessionsMoved:
      return "sessions_moved";
    case Rare::kSessionsExpired:
      return "sessions_expired";
    case Rare::kSessionsExpiredEarly:
      return "sessions_expired_early";
    case Rare::kSessionsTakenOver:
      return "sessions_taken_over";
    case Rare::kContainersDeleted:
      return "containers_deleted";
    case Rare::kScans:
      return "scans";
    case Rare::kFollowedChanges:
      return "followed_changes";
    case Rare::kStayingTold:
      return "staying_told";
    case Rare::kStayingRearmed:
      return "staying_rearmed";
    case Rare::kApplyMisses:
      return "apply_misses";
    case Rare::kReadMisses:
      return "read_misses";
    case Rare::kIncarnationsRefused:
      return "incarnations_refused";
    case Rare::kLoadsOvertaken:
      return "loads_overtaken";
    case Rare::kLoadsRestarted:
      return "loads_restarted";
    case Rare::kLayersStacked:
      return "layers_stacked";
    case Rare::kScansAcrossInstall:
      return "scans_across_install";
    case Rare::kServersRejoined:
      return "servers_rejoined";
    case Rare::kServersAdded:
      return "servers_added";
    case Rare::kDamageFound:
      return "damage_found";
    case Rare::kDiskFullEnds:
      return "ended_by_full_disk";
    case Rare::kCrashesInsideDiskWork:
      return "crashes_inside_disk_work";
    case Rare::kPartiesCrashed:
      return "parties_crashed";
    case Rare::kNodesFoundAgain:
      return "nodes_found_again";
    case Rare::kStaleTokensRefused:
      return "stale_tokens_refused";
    case Rare::kHoldsInDoubt:
      return "holds_in_doubt";
    case Rare::kHoldsLost:
      return "holds_lost";
    case Rare::kLinesMovedByExpiry:
      return "lines_moved_by_expiry";
    case Rare::kLeadersDeposed:
      return "leaders_deposed";
    case Rare::kConsumersLost:
      return "consumers_lost";
    case Rare::kItemsTakenAgain:
      return "items_taken_again";
    case Rare::kConfirmsTooLate:
      return "confirms_too_late";
    case Rare::kBarriersOpened:
      return "barriers_opened";
    case Rare::kBarriersLate:
      return "barriers_late";
    case Rare::kDoubleBarriersOpened:
      return "double_barriers_opened";
    case Rare::kDoubleBarriersLate:
      return "double_barriers_late";
    case Rare::kInsidersLost:
      return "insiders_lost";
    case Rare::kAddsUnknown:
      return "adds_unknown";
    case Rare::kSetsOvertaken:
      return "sets_overtaken";
    case Rare::kBlocksLeftOut:
      return "blocks_left_out";
    case Rare::kValuesMissing:
      return "values_missing";
    case Rare::kNamesTaken:
      return "names_taken";
    case Rare::kMembersBack:
      return "members_back";
    case Rare::kNobodyThere:
      return "nobody_there";
    case Rare::kCachesResynced:
      return "caches_resynced";
    case Rare::kCount:
      break;
  }
  ROOKERY_CHECK(false) << "no such path";
  return "";
}

bool IsOfRecipes(Rare path) { return path >= Rare::kPartiesCrashed; }

void RarePaths::AddLife(const service::Statistics& statistics,
                        const store::NodeStore::Usage& usage) {
  Add(Rare::kIncarnationsRefused, statistics.refused_requests);
  Add(Rare::kLoadsOvertaken, usage.loads_overtaken);
  Add(Rare::kLoadsRestarted, usage.loads_restarted);
  Add(Rare::kLayersStacked, usage.layers_stacked);
  Add(Rare::kResends, statistics.resends);
  Add(Rare::kResendsSkipped, statistics.skipped_requests);
  Add(Rare::kApplyMisses, statistics.apply_misses);
  Add(Rare::kReadMisses, statistics.read_misses);
  Add(Rare::kSessionsMoved, statistics.revalidated_sessions);
  Add(Rare::kSessionsExpired, statistics.expired_sessions);
  Add(Rare::kContainersDeleted, statistics.deleted_containers);
  Add(Rare::kCheckpointsMade, statistics.checkpoints);
  Add(Rare::kCheckpointsRefused, statistics.unusable_checkpoints);
}

void RarePaths::CountEarlyExpiries(const History& history) {
  std::map<model::SessionId, int64_t> timeouts_us;
  for (const SessionTurn& turn : history.session_turns) {
    if (turn.kind != SessionTurn::Kind::kExpired) {
      timeouts_us[turn.session] = int64_t{turn.timeout_ms} * 1000;
      continue;
    }
    if (turn.grace_ms == 0) continue;
    const auto left = std::find_if(
        history.left.rbegin(), history.left.rend(),
        [&](const Left& one) { return one.session == turn.session && one.order < turn.order; });
    if (left == history.left.rend()) continue;
    if (turn.at_us < left->at_us + timeouts_us[turn.session]) Add(Rare::kSessionsExpiredEarly);
  }
}

// What watches that stay were told.
void RarePaths::CountStaying(const History& history) {
  std::set<std::pair<uint32_t, uint64_t>> stay;  // client and call
  for (const Call& call : history.calls) {
    const auto* read = std::get_if<model::ReadOperation>(&call.operation);
    if (read != nullptr && std::holds_alternative<model::AddWatchRequest>(*read)) {
      stay.emplace(call.client, call.number);
    }
  }
  for (const Told& told : history.told) {
    if (!stay.contains({told.client, told.call})) continue;
    if (told.event.kind == client::WatchEvent::Kind::kReconnected) {
      Add(Rare::kStayingRearmed);
    } else if (told.event.kind != client::WatchEvent::Kind::kSessionLost) {
      Add(Rare::kStayingTold);
    }
  }
}

void RarePaths::AddHistory(const History& history) {
  for (size_t i = 1; i < history.led.size(); ++i) {
    Add(Rare::kElections);
    // The one before lives on, and does not lead.
    const Led& before = history.led[i - 1];
    if (before.server == history.led[i].server) continue;
    const bool ended =
        std::any_of(history.lives.begin(), history.lives.end(), [&](const ServerLife& life) {
          return life.server == before.server && life.life == before.life && !life.up &&
                 life.order < history.led[i].order;
        });
    if (!ended) Add(Rare::kDeposedLeaders);
  }
  Add(Rare::kScans, history.scans.size());
  for (const Followed& one : history.followed) Add(Rare::kFollowedChanges, one.events.size());
  CountStaying(history);
  CountEarlyExpiries(history);
  for (const LogStep& step : history.log) {
    if (step.kind == LogStep::Kind::kReplaced && step.index > 1) Add(Rare::kCheckpointsInstalled);
  }
  // Configurations as the group went through them.
  std::map<uint64_t, const Configured*> by_index;
  for (const Configured& one : history.configured) by_index[one.index] = &one;
  const Configured* last = nullptr;
  for (const auto& [index, now] : by_index) {
    const bool joint = !now->outgoing.empty();
    if (last != nullptr && joint != !last->outgoing.empty()) {
      Add(joint ? Rare::kJointEntered : Rare::kJointLeft);
    }
    if (last != nullptr) {
      for (const model::ServerId learner : last->learners) {
        if (std::count(now->voters.begin(), now->voters.end(), learner) > 0) {
          Add(Rare::kLearnersPromoted);
        }
      }
    }
    last = now;
  }
}

void RarePaths::Add(const RarePaths& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::string RarePaths::ToText() const {
  std::string text;
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", NameOf(static_cast<Rare>(i)), "=", counts_[i]);
  }
  return text;
}

void RarePaths::AddText(absl::string_view text) {
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    uint64_t times = 0;
    if (!absl::SimpleAtoi(pair.second, &times)) continue;
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (NameOf(static_cast<Rare>(i)) == pair.first) counts_[i] += times;
    }
  }
}

}  // namespace rookery::sim
