// broker-sim: simulated Kafka brokers on a coordinator, Rookery or ZooKeeper.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "broker-sim/commands.h"

namespace rookery::broker_sim {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "broker-sim: %s\n", std::string(status.message()).c_str());
  return 2;
}

void AddPlain(CLI::App* command, bool* plain) {
  command->add_flag("--plain", *plain, "lines, also on a terminal, instead of a live view");
}

void StopOnSignal(AsioCore* core, std::function<void()> stop) {
  auto asked = std::make_shared<bool>(false);
  auto again = std::make_shared<std::function<void(int)>>();
  *again = [core, stop = std::move(stop), asked, weak = std::weak_ptr(again)](int) {
    if (std::exchange(*asked, true)) return core->Stop();
    stop();
    core->OnTerminationSignal([held = weak.lock()](int signal) { (*held)(signal); });
  };
  core->OnTerminationSignal([again](int signal) { (*again)(signal); });
}

}  // namespace rookery::broker_sim

// What may throw here is options that contradict each other: a mistake of these files.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  namespace sim = rookery::broker_sim;
  CLI::App app("Simulated Kafka brokers on Rookery or ZooKeeper");
  app.set_version_flag("--version", "broker-sim " ROOKERY_VERSION);
  app.require_subcommand(1);
  const sim::Subcommand commands[] = {sim::AddStart(app), sim::AddRun(app), sim::AddCheck(app),
                                      sim::AddObserve(app), sim::AddScale(app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  for (const sim::Subcommand& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return 2;
}
