// rookery topics: kafka-topics, without a broker.
#pragma once

#include "tools/rookery/subcommand.h"

namespace rookery::tools::topics {

Run DefineTopics(CLI::App& app, const GlobalOptions& global);

}  // namespace rookery::tools::topics
