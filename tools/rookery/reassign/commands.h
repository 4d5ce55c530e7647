// rookery reassign: kafka-reassign-partitions as far as it works without a broker, and plans with
// as few moves as can be. rookery leader-election: kafka-leader-election for preferred leaders.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::reassign {

Run DefineReassign(CLI::App& app, const GlobalOptions& global);
Run DefineLeaderElection(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::reassign
