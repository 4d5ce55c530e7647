// rookery resolve NAME: where a service is.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/strings/str_join.h"
#include "coordinator/client/recipes/discovery/resolver.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/recipes/options.h"
#include "tools/rookery/recipes/session.h"
#include "tools/rookery/recipes/signals.h"

namespace rookery::tools::recipes {
namespace {

using client::recipes::Instance;
using client::recipes::Resolver;

struct ResolveCommand {
  std::string name;
  std::string base = "/services";
  bool json = false;
  bool one = false;
  bool follow = false;
};

int Fail(const absl::Status& status) {
  std::cerr << "rookery resolve: " << status.message() << "\n";
  return kExitFailed;
}

std::string TextOf(const Instance& instance, bool json) {
  return json ? *client::recipes::EncodeInstance(instance) : instance.ToString();
}

// A line for each state of the whole, until a signal comes.
int Follow(client::BlockingClient* client, Signals* signals, const ResolveCommand& command) {
  std::mutex mutex;
  std::optional<std::string> line;  // guarded by mutex, as `end`
  absl::Status end;
  const auto on_instances = [&](const absl::StatusOr<std::vector<Instance>>& instances) {
    const std::lock_guard lock(mutex);
    if (!instances.ok()) {
      end = instances.status();
    } else {
      std::vector<std::string> all;
      for (const Instance& one : *instances) all.push_back(TextOf(one, command.json));
      line = absl::StrJoin(all, " ");
    }
    signals->Wake();
  };
  const auto resolver = client->Make<Resolver>(
      command.base, command.name, client::recipes::Choice::kRoundRobin, 0, on_instances);
  while (true) {
    {
      const std::lock_guard lock(mutex);
      if (line.has_value()) std::cout << *std::exchange(line, std::nullopt) << std::endl;
      if (!end.ok()) return Fail(end);
    }
    const int signal = signals->Wait(-1);
    if (signal != 0 && signal != SIGCHLD) return 128 + signal;
  }
}

int RunResolve(const GlobalOptions& global, const ResolveCommand& command) {
  Signals signals;
  const auto client = Open(global, 10000);
  if (!client.ok()) return Fail(client.status());
  if (command.follow) return Follow(client->get(), &signals, command);
  client::Client* session = nullptr;
  (*client)->WithClient([&](client::Client& one) { session = &one; });
  const auto instances =
      (*client)->Await(client::recipes::Resolve(session, command.base, command.name));
  if (!instances.ok()) return Fail(instances.status());
  if (instances->empty()) {
    return Fail(absl::NotFoundError("nobody is registered under " +
                                    client::recipes::Join(command.base, command.name)));
  }
  for (const Instance& one : *instances) {
    std::cout << TextOf(one, command.json) << "\n";
    if (command.one) break;
  }
  return kExitOk;
}

}  // namespace

Run DefineResolve(CLI::App& app, const GlobalOptions& global) {
  auto command = std::make_shared<ResolveCommand>();
  app.add_option("name", command->name, "the service's name")->required();
  app.add_option("--base", command->base, "where services stand")->capture_default_str();
  app.add_flag("--json", command->json, "all that is known of each instance");
  auto* const one = app.add_flag("--one", command->one, "only the first");
  app.add_flag("--follow", command->follow, "go on: a line with all of them whenever they change")
      ->excludes(one);
  app.footer("A line for each instance. Status 1: there is none.");
  return [command, &global] { return RunResolve(global, *command); };
}

}  // namespace rookery::tools::recipes
