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
  kCount
};

absl::string_view NameOf(Rare path);

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

  std::array<uint64_t, static_cast<size_t>(Rare::kCount)> counts_ = {};
};

}  // namespace rookery::sim
