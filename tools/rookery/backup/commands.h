// `rookery backup` and `rookery restore`.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::backup {

Run DefineBackup(CLI::App& app, const GlobalOptions& global);
Run DefineRestore(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::backup
