#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {

const std::vector<Checker>& AllCheckers() {
  static const auto* const kAll = new std::vector<Checker>{
      {"linearizability", CheckLinearizability},
      {"session order", CheckSessionOrder},
      {"monotonic reads", CheckMonotonicReads},
      {"watches", CheckWatches},
      {"ephemerals", CheckEphemerals},
      {"sequential names", CheckSequentialNames},
      {"versions", CheckVersions},
      {"exactly once", CheckExactlyOnce},
      {"digests", CheckDigests},
      {"election safety", CheckElectionSafety},
      {"log matching", CheckLogMatching},
      {"leader completeness", CheckLeaderCompleteness},
      {"commit durable", CheckCommitDurable},
      {"configuration", CheckConfiguration},
  };
  return *kAll;
}

}  // namespace rookery::sim
