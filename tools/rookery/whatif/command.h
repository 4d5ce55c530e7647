// rookery whatif: what a cluster would lose with some of its brokers.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::whatif {

Run DefineWhatif(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::whatif
