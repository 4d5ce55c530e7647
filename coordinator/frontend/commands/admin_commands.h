// The commands of ZooKeeper's administration port (zookeeper-protocol 6.4).
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

// The indented JSON object of /commands/<name>: always with `command` and `error`.
std::string RunAdminCommand(absl::string_view name, const FactSources& sources);

// Primary names, sorted, for the list at /commands.
std::vector<std::string> AdminCommandNames();

}  // namespace rookery::frontend
