// rookery register NAME ADDRESS [-- COMMAND]: can be found while the command runs.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/recipes/discovery/registration.h"
#include "tools/rookery/recipes/child.h"
#include "tools/rookery/recipes/commands.h"
#include "tools/rookery/recipes/options.h"
#include "tools/rookery/recipes/session.h"

namespace rookery::tools::recipes {
namespace {

struct RegisterCommand {
  std::string name;
  std::string address;
  std::string base = "/services";
  std::string id;
  std::string payload = "null";
  int session_timeout_ms = 10000;
  std::vector<std::string> command;
};

absl::StatusOr<client::recipes::Instance> InstanceOf(const RegisterCommand& command) {
  const auto parsed = client::ParseConnectString(command.address, 0);
  if (!parsed.ok() || parsed->servers.size() != 1 || !parsed->chroot.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected ADDRESS as host:port, found '", command.address, "'"));
  }
  client::recipes::Instance instance;
  instance.name = command.name;
  instance.id = command.id;
  instance.address = parsed->servers[0].host;
  if (parsed->servers[0].port != 0) instance.port = parsed->servers[0].port;
  instance.payload = command.payload;
  instance.registered_at_ms = SystemClock().WallMs();
  return instance;
}

int RunRegister(const GlobalOptions& global, const RegisterCommand& command) {
  const auto fail = [](const absl::Status& status) {
    std::cerr << "rookery register: " << status.message() << "\n";
    return absl::IsInvalidArgument(status) ? kExitUsage : kExitFailed;
  };
  const auto instance = InstanceOf(command);
  if (!instance.ok()) return fail(instance.status());
  Signals signals;
  std::atomic<bool> over = false;
  const auto client = Open(global, command.session_timeout_ms);
  if (!client.ok()) return fail(client.status());
  (*client)->WithClient([&](client::Client& session) {
    session.Listen([&](client::SessionState state) {
      over = over || client::IsFinal(state);
      signals.Wake();
    });
  });
  const auto registration = (*client)->Make<client::recipes::Registration>(command.base);
  const absl::Status registered = (*client)->Await(registration->Register(*instance));
  if (!registered.ok()) return fail(registered);
  const auto lost = [&over] {
    return over ? std::string("the session is over, and the registration gone") : "";
  };
  int status = kExitOk;
  if (!command.command.empty()) {
    status = RunCommand(&signals, command.command, {}, 5000, lost);
  } else {
    std::cout << "registered " << command.name << " as " << instance->ToString()
              << "; ends with Ctrl-C" << std::endl;
    int signal = 0;
    while (!over && (signal == 0 || signal == SIGCHLD)) signal = signals.Wait(-1);
  }
  if (over) return fail(absl::AbortedError(lost()));
  (void)(*client)->Await(registration->Withdraw());
  return status;
}

}  // namespace

Run DefineRegister(CLI::App& app, const GlobalOptions& global) {
  auto command = std::make_shared<RegisterCommand>();
  app.add_option("name", command->name, "the service's name")->required();
  app.add_option("address", command->address, "host:port")->required();
  AddCommand(app, &command->command);
  app.add_option("--base", command->base, "where services stand")->capture_default_str();
  app.add_option("--id", command->id, "of this instance; drawn if it is left out");
  app.add_option("--payload", command->payload, "JSON for those who resolve it")
      ->capture_default_str();
  AddSessionTimeout(app, &command->session_timeout_ms);
  app.footer(
      "Registered while the command runs, or until Ctrl-C. The status is the command's; 1: it "
      "could\n"
      "not be registered, or the session was lost, upon which the command is ended.");
  return [command, &global] { return RunRegister(global, *command); };
}

}  // namespace rookery::tools::recipes
