// rookery: a shell and tools for people who run a coordinator.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "tools/rookery/shell/shell.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools {
namespace {

// Options of GlobalOptions, each with a value.
bool IsGlobal(const std::string& argument) {
  for (const std::string name :
       {"--servers", "--zookeeper", "--protocol", "--timeout-ms", "--login"}) {
    if (argument == name || argument.rfind(name + "=", 0) == 0) return true;
  }
  return false;
}

// Global options may stand behind a subcommand's name: brings them to the front. What follows "--"
// stays as it is.
std::vector<std::string> GlobalFirst(int argc, char** argv) {
  std::vector<std::string> global;
  std::vector<std::string> rest;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--") {
      rest.insert(rest.end(), argv + i, argv + argc);
      break;
    }
    if (!IsGlobal(argument)) {
      rest.push_back(argument);
      continue;
    }
    global.push_back(argument);
    if (argument.find('=') == std::string::npos && i + 1 < argc) global.push_back(argv[++i]);
  }
  global.insert(global.end(), rest.begin(), rest.end());
  return global;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Shell and tools of the Rookery coordinator; without a command, an interactive shell.",
      "rookery");
  GlobalOptions global;
  const CLI::Option* servers =
      app.add_option("--servers,--zookeeper", global.servers, "host:port,...[/chroot]")
          ->envname("ROOKERY_SERVERS")
          ->capture_default_str();
  app.add_option("--protocol", global.protocol, "what to speak")
      ->check(CLI::IsMember({"zookeeper", "grpc"}))
      ->capture_default_str();
  app.add_option("--timeout-ms", global.timeout_ms, "how long to wait for a server")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--login", global.login, "user:password of SASL; better in the environment")
      ->envname("ROOKERY_LOGIN");
  app.set_version_flag("--version", "rookery " ROOKERY_VERSION);
  app.require_subcommand(0, 1);

  std::vector<std::pair<CLI::App*, Run>> runs;
  for (const Subcommand& subcommand : Subcommands()) {
    CLI::App* sub = app.add_subcommand(subcommand.name, subcommand.summary);
    runs.emplace_back(sub, subcommand.define(*sub, global));
  }
  for (const shell::Command& command : shell::Commands()) {
    if (command.interactive_only) continue;
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->group("Commands of the shell")->prefix_command()->set_help_flag();
    runs.emplace_back(sub, [sub, &command, &global] {
      return shell::RunOnce(global, command, sub->remaining());
    });
  }

  try {
    std::vector<std::string> arguments = GlobalFirst(argc, argv);
    std::reverse(arguments.begin(), arguments.end());  // the form that parse() takes
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (servers->count() == 0 && global.protocol == "grpc") global.servers = "127.0.0.1:3181";
  for (const auto& [sub, run] : runs) {
    if (sub->parsed()) return run();
  }
  return shell::RunInteractive(global);
}

}  // namespace
}  // namespace rookery::tools

int main(int argc, char** argv) { return rookery::tools::Main(argc, argv); }
