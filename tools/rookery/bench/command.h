// rookery bench: load, and the length of pauses.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::bench {

Run DefineBench(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::bench
