// rookery status: one line for each server.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::ensemble {

Run DefineStatus(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::ensemble
