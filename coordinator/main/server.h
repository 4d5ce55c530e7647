// One rookeryd process: real edges, the node, the doors; from its start to its end.
#pragma once

#include <string>

#include "coordinator/main/config/config.h"

namespace rookery {

// Runs until SIGTERM or SIGINT and returns the exit status: 0 after a clean shutdown, 1 if the
// server could not start (the reason stands on standard error). What cannot be survived ends the
// process.
int RunServer(const config::Config& config, const std::string& version);

}  // namespace rookery
