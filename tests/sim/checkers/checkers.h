// What must hold of every history. A checker gives one line per violation, none if all is well; it
// names clients, calls, paths and zxids, so that the line leads to the place in the trace.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

using Violations = std::vector<std::string>;

// Each stands in a file of its name.
Violations CheckLinearizability(const History& history);  // writes, and reads after a sync
Violations CheckSessionOrder(const History& history);     // FIFO per session
Violations CheckMonotonicReads(const History& history);   // also over reconnects
Violations CheckWatches(const History& history);          // promised = told, once, before the data
Violations CheckEphemerals(const History& history);       // gone after the session, not before
Violations CheckSequentialNames(const History& history);  // unique and rising
Violations CheckVersions(const History& history);         // versions, cversions, zxids of Stats
Violations CheckExactlyOnce(const History& history);      // by version arithmetic
Violations CheckDigests(const History& history);          // equal at equal entry
Violations CheckElectionSafety(const History& history);   // one leader per term
Violations CheckLogMatching(const History& history);      // same index and term: same content
Violations CheckLeaderCompleteness(const History& history);  // a leader has what was committed
Violations CheckCommitDurable(const History& history);       // committed: durable on a majority

struct Checker {
  absl::string_view name;
  Violations (*check)(const History&);
};
const std::vector<Checker>& AllCheckers();

}  // namespace rookery::sim
