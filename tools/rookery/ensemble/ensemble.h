// rookery ensemble: who is in it, and who leads it.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::ensemble {

Run DefineEnsemble(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::ensemble
