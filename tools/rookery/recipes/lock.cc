// rookery lock PATH -- COMMAND: runs it while holding the lock.
#include "coordinator/client/recipes/lock/lock.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/client/recipes/lock/shared_lock.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/recipes/hold.h"
#include "tools/rookery/recipes/options.h"
#include "tools/rookery/recipes/session.h"

namespace rookery::tools::recipes {
namespace {

struct LockCommand {
  std::string path;
  std::string names = "curator";
  std::string identifier = absl::StrCat("process ", getpid());
  bool shared = false;
  bool write = false;
  int session_timeout_ms = 10000;
  HoldOptions hold;
};

int RunLock(const GlobalOptions& global, const LockCommand& command) {
  Signals signals;
  const auto client = Open(global, command.session_timeout_ms);
  if (!client.ok()) {
    std::cerr << "rookery lock: " << client.status().message() << "\n";
    return kExitFailed;
  }
  client::recipes::HolderOptions options;
  options.style = StyleOf(command.names);
  options.identifier = command.identifier;
  if (!command.shared && !command.write) {
    const auto lock = (*client)->Make<client::recipes::Lock>(command.path, options);
    return HoldAndRun(client->get(), lock.get(), &signals, command.hold, "lock");
  }
  const auto mode = command.write ? client::recipes::SharedLockMode::kWrite
                                  : client::recipes::SharedLockMode::kRead;
  const auto lock = (*client)->Make<client::recipes::SharedLock>(command.path, mode, options);
  return HoldAndRun(client->get(), lock.get(), &signals, command.hold, "lock");
}

}  // namespace

Run DefineLock(CLI::App& app, const GlobalOptions& global) {
  auto command = std::make_shared<LockCommand>();
  app.add_option("path", command->path, "the lock's node")->required();
  AddCommand(app, &command->hold.command)->required();
  app.add_option("--wait-ms", command->hold.wait_ms, "give up after; -1: never")
      ->capture_default_str();
  app.add_option("--grace-ms", command->hold.grace_ms,
                 "from SIGTERM to SIGKILL for the command when the lock is lost")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  auto* const shared =
      app.add_flag("--read", command->shared, "of a shared lock: with other readers");
  app.add_flag("--write", command->write, "of a shared lock: alone")->excludes(shared);
  app.add_option("--id", command->identifier, "who we are, in the node's data");
  AddStyle(app, &command->names);
  AddSessionTimeout(app, &command->session_timeout_ms);
  app.footer(
      "The command gets ROOKERY_TOKEN, which rises from holder to holder, and ROOKERY_NODE. It is\n"
      "ended when the lock is lost. The status is the command's; 1: no lock, or it was lost.");
  return [command, &global] { return RunLock(global, *command); };
}

}  // namespace rookery::tools::recipes
