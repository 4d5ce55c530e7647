#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {

const std::vector<Checker>& AllCheckers() {
  static const auto* const kAll = new std::vector<Checker>{
      {"linearizability", [](const History& history) { return CheckLinearizability(history); }},
      {"session order", CheckSessionOrder},
      {"monotonic reads", CheckMonotonicReads},
      {"watches", CheckWatches},
      {"staying watches", CheckStayingWatches},
      {"ephemerals", CheckEphemerals},
      {"sequential names", CheckSequentialNames},
      {"versions", CheckVersions},
      {"exactly once", CheckExactlyOnce},
      {"calls", CheckCalls},
      {"digests", CheckDigests, true},
      {"election safety", CheckElectionSafety, true},
      {"log matching", CheckLogMatching, true},
      {"leader completeness", CheckLeaderCompleteness, true},
      {"commit durable", CheckCommitDurable, true},
      {"configuration", CheckConfiguration, true},
  };
  return *kAll;
}

Violations Check(const Checker& checker, const History& history, Searches* searches) {
  return checker.name == "linearizability" ? CheckLinearizability(history, searches)
                                           : checker.check(history);
}

}  // namespace rookery::sim
