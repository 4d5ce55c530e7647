// Recipes of coordination for people at a shell.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::recipes {

Run DefineLock(CLI::App& app, const GlobalOptions& global);
Run DefineElect(CLI::App& app, const GlobalOptions& global);
Run DefineWatch(CLI::App& app, const GlobalOptions& global);
Run DefineRegister(CLI::App& app, const GlobalOptions& global);
Run DefineResolve(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::recipes
