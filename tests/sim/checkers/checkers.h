// What must hold of every history. A checker is a pure function that gives one line per violation,
// none if all is well; the line names clients, calls, paths and zxids, so that it leads to the
// place in the trace. docs/testing.md says what each proves and what it cannot.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

using Violations = std::vector<std::string>;

// Each stands in a file of its name. The promises to clients:
Violations CheckLinearizability(const History& history);  // writes, linearizable reads, sync + read
// How many searches the check above made, and how many it gave up, which are not judged.
struct Searches {
  uint64_t made = 0;
  uint64_t given_up = 0;
};
Violations CheckLinearizability(const History& history, Searches* searches);
Violations CheckSessionOrder(const History& history);     // FIFO per session
Violations CheckMonotonicReads(const History& history);   // also over reconnects
Violations CheckWatches(const History& history);          // promised = told, once, before the data
Violations CheckStayingWatches(const History& history);   // told of every change, before the data
Violations CheckEphemerals(const History& history);       // gone after the session, never before
Violations CheckSequentialNames(const History& history);  // unique and rising
Violations CheckVersions(const History& history);         // versions, cversions and zxids of Stats
Violations CheckExactlyOnce(const History& history);      // by version arithmetic
Violations CheckCalls(const History& history);            // scans and watches without a session
// What servers owe each other; nothing to check in a history that clients alone have written:
Violations CheckDigests(const History& history);             // equal at equal entry
Violations CheckElectionSafety(const History& history);      // one leader per term, one vote
Violations CheckLogMatching(const History& history);         // same index and term: same log
Violations CheckLeaderCompleteness(const History& history);  // a leader has what was committed
Violations CheckCommitDurable(const History& history);       // committed: durable on a majority
Violations CheckConfiguration(const History& history);       // the configuration of each entry

struct Checker {
  absl::string_view name;
  Violations (*check)(const History&);
  bool of_servers = false;  // looks at nothing that clients say
};
const std::vector<Checker>& AllCheckers();
// What one of them finds; `searches` counts on if it searches.
Violations Check(const Checker& checker, const History& history, Searches* searches);

}  // namespace rookery::sim
