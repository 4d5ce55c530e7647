// The subcommands of broker-sim. Each adds itself to the command line and, if it was asked for,
// runs and gives the exit status: 0 done, 1 a scenario failed, 2 asked for wrongly or not possible.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "coordinator/base/net/asio_core.h"

namespace rookery::broker_sim {

struct Subcommand {
  CLI::App* app = nullptr;
  std::function<int()> run;
};

Subcommand AddStart(CLI::App& program);
Subcommand AddRun(CLI::App& program);
// Reads scenarios and says what is wrong with them.
Subcommand AddCheck(CLI::App& program);
Subcommand AddObserve(CLI::App& program);
// Large metadata, and a takeover with it.
Subcommand AddScale(CLI::App& program);

// Prints what is wrong; gives 2.
int Fail(const absl::Status& status);

// "--plain": lines even on a terminal.
void AddPlain(CLI::App* command, bool* plain);

// Calls `stop` at the first SIGINT or SIGTERM, and ends the core at the second.
void StopOnSignal(AsioCore* core, std::function<void()> stop);

}  // namespace rookery::broker_sim
