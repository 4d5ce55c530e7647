// `rookery events`: what happens to a Kafka cluster, as it happens.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::events {

Run DefineEvents(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::events
