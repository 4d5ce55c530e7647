// rookery elect PATH -- COMMAND: runs it while leading.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/election/election.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/recipes/hold.h"
#include "tools/rookery/recipes/options.h"
#include "tools/rookery/recipes/session.h"

namespace rookery::tools::recipes {
namespace {

using client::recipes::Election;
using client::recipes::ElectionNames;

struct ElectCommand {
  std::string path;
  std::string names = "curator";
  std::string identifier = absl::StrCat("process ", getpid());
  bool selector = false;
  bool show = false;
  int session_timeout_ms = 10000;
  HoldOptions hold;
};

int ShowLeader(client::BlockingClient* client, Election* election) {
  const absl::StatusOr<std::string> leader = client->Await(election->Leader());
  if (leader.ok()) {
    std::cout << *leader << "\n";
    return kExitOk;
  }
  std::cerr << "rookery elect: " << leader.status().message() << "\n";
  return kExitFailed;
}

int RunElect(const GlobalOptions& global, const ElectCommand& command) {
  Signals signals;
  const auto client = Open(global, command.session_timeout_ms);
  if (!client.ok()) {
    std::cerr << "rookery elect: " << client.status().message() << "\n";
    return kExitFailed;
  }
  client::recipes::HolderOptions options;
  options.style = StyleOf(command.names);
  options.identifier = command.identifier;
  const auto election = (*client)->Make<Election>(
      command.path, options, command.selector ? ElectionNames::kSelector : ElectionNames::kLatch);
  if (command.show) return ShowLeader(client->get(), election.get());
  return HoldAndRun(client->get(), election.get(), &signals, command.hold, "leadership");
}

}  // namespace

Run DefineElect(CLI::App& app, const GlobalOptions& global) {
  auto command = std::make_shared<ElectCommand>();
  app.add_option("path", command->path, "the election's node")->required();
  auto* const words = AddCommand(app, &command->hold.command);
  app.add_flag("--show", command->show, "only say who leads")->excludes(words);
  app.add_option("--grace-ms", command->hold.grace_ms,
                 "from SIGTERM to SIGKILL for the command when leadership is lost")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--id", command->identifier, "who we are, in the node's data");
  app.add_flag("--selector", command->selector,
               "stand beside Curator's LeaderSelector, not its LeaderLatch");
  AddStyle(app, &command->names);
  AddSessionTimeout(app, &command->session_timeout_ms);
  app.footer(
      "The command gets ROOKERY_TOKEN, which rises from leader to leader, and ROOKERY_NODE. It is\n"
      "ended when leadership is lost. The status is the command's; 1: it never led, or lost it.");
  return [command, &global] {
    if (!command->show && command->hold.command.empty()) {
      std::cerr << "rookery elect: expected -- COMMAND or --show\n";
      return kExitUsage;
    }
    return RunElect(global, *command);
  };
}

}  // namespace rookery::tools::recipes
