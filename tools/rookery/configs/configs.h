// rookery configs: kafka-configs, without a broker.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::configs {

Run DefineConfigs(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::configs
