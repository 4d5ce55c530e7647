// Counts of what happens rarely and must nevertheless have been tried: a simulation that never gets
// there proves nothing about it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/service/statistics.h"
#include "coordinator/store/node_store.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

enum class Rare {
  kElections,       // won, after the first of a run
  kDeposedLeaders,  // led and does not, though its process runs
  kLostUnsynced,    // pieces of a disk that a power failure took
  kTruncatedLogs,   // an append replaced entries
  kCheckpointsMade,
  kCheckpointsInstalled,
  kCheckpointsRefused,  // a received one was not what it should be
  kJointEntered,
  kJointLeft,
  kLearnersPromoted,
  kTransfers,       // leadership was handed over on request
  kResends,         // unanswered writes went to a leader again
  kResendsSkipped,  // tickets applied before
  kSessionsMoved,   // to another server
  kSessionsExpired,
  kSessionsExpiredEarly,  // under a grace, before their timeouts
  kSessionsTakenOver,     // by a second client, while they lived
  kContainersDeleted,     // by the leader, for they were empty
  kScans,                 // whole ones, shown to callers without a session
  kFollowedChanges,       // told to them
  kStayingTold,           // to watches that stay
  kStayingRearmed,        // after a reconnect
  kApplyMisses,           // an entry stopped for nodes that were not in memory
  kReadMisses,
  kIncarnationsRefused,  // requests of an incarnation that was no longer the granted one
  kLoadsOvertaken,       // a cold load came back after a flush had ended
  kLoadsRestarted,       // a state was installed under it
  kLayersStacked,        // two frozen layers at once
  kScansAcrossInstall,   // a scan went on in the state that an installation had replaced
  kServersRejoined,      // came back with an empty disk
  kServersAdded,
  kDamageFound,  // a server refused its damaged log or state
  kDiskFullEnds,
  kCrashesInsideDiskWork,
  // Of runs of recipes (recipes/).
  kPartiesCrashed,      // processes of clients
  kNodesFoundAgain,     // a node that an unanswered create had made
  kStaleTokensRefused,  // by what a lock protects: its user held it no more
  kHoldsInDoubt,        // the connection was lost while something was held
  kHoldsLost,           // without letting go
  kLinesMovedByExpiry,  // held after the session before it had expired
  kLeadersDeposed,      // somebody deleted the leader's node
  kConsumersLost,       // with an item that they had not confirmed
  kItemsTakenAgain,     // since it came back
  kConfirmsTooLate,     // the item was no longer theirs
  kBarriersOpened,      // to somebody who waited
  kBarriersLate,        // still closed when the time was over
  kDoubleBarriersOpened,
  kDoubleBarriersLate,
  kInsidersLost,  // entered a double barrier, and their session ended before they left
  kAddsUnknown,
  kSetsOvertaken,   // compared and set, and the version was another one
  kBlocksLeftOut,   // of ids, whose answer was lost
  kValuesMissing,   // a subscriber heard that there is no node
  kNamesTaken,      // by the node of an earlier session
  kMembersBack,     // in a new session, after one that expired
  kNobodyThere,     // a resolver was left without instances
  kCachesResynced,  // told something that had changed while there was no connection
  kCount
};

absl::string_view NameOf(Rare path);
// Reached in runs of recipes only, and has to be there; the others in all other runs.
bool IsOfRecipes(Rare path);

class RarePaths {
 public:
  void Add(Rare path, uint64_t times = 1) { counts_[static_cast<size_t>(path)] += times; }
  // What a server's process counted in its life.
  void AddLife(const service::Statistics& statistics, const store::NodeStore::Usage& usage);
  // What a run's history tells.
  void AddHistory(const History& history);
  void Add(const RarePaths& other);

  uint64_t Of(Rare path) const { return counts_[static_cast<size_t>(path)]; }
  // "elections=3 transfers=1 ...": those above zero.
  std::string ToText() const;
  // Adds what ToText() wrote; words that are no path are ignored.
  void AddText(absl::string_view text);

 private:
  void CountEarlyExpiries(const History& history);
  void CountStaying(const History& history);

  std::array<uint64_t, static_cast<size_t>(Rare::kCount)> counts_ = {};
};

}  // namespace rookery::sim
