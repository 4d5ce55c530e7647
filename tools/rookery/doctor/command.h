// rookery doctor: what is wrong with a cluster's metadata, and what mends it.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::doctor {

Run DefineDoctor(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::doctor
