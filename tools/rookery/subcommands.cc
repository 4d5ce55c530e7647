#include "tools/rookery/bench/command.h"
#include "tools/rookery/ensemble/status.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools {

const std::vector<Subcommand>& Subcommands() {
  static const std::vector<Subcommand> subcommands = {
      {"status", "servers of the ensemble: roles, zxid, lag, sessions", ensemble::DefineStatus},
      {"bench", "load for measurements: throughput, latency, pauses", bench::DefineBench},
  };
  return subcommands;
}

}  // namespace rookery::tools
