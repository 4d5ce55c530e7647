// rookery brokers: who is registered, and who leads.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::brokers {

Run DefineBrokers(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::brokers
