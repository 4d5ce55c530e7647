#include "tools/rookery/ensemble/ensemble.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/ensemble/admin_client.h"

namespace rookery::tools::ensemble {
namespace {

// For finding the leader; a server that stands still must not keep us from the others.
constexpr int64_t kStatusTimeoutMsMax = 2000;

struct Options {
  std::string grpc_servers, auth;
  uint32_t server = 0;
  std::string address;
  bool observer = false;
};

// What to do at the leader, and the line that tells of it.
using Action = std::function<absl::StatusOr<std::string>(AdminClient&, const Options&)>;

absl::StatusOr<std::string> Add(AdminClient& client, const Options& options) {
  // A line of a configuration may be given as it stands there.
  absl::string_view address = options.address;
  absl::ConsumePrefix(&address, absl::StrCat("server.", options.server, "="));
  ROOKERY_ASSIGN_OR_RETURN(
      const uint64_t engine_id,
      client.AddMember(options.server, std::string(address), options.observer));
  return absl::StrCat("Server ", options.server, " is let in under engine id ", engine_id,
                      options.observer ? ", without a vote." : "; it votes once it has caught up.");
}

absl::StatusOr<std::string> Rejoin(AdminClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const uint64_t engine_id, client.RejoinMember(options.server));
  return absl::StrCat("Server ", options.server, " comes back under engine id ", engine_id, ".");
}

absl::StatusOr<std::string> Transfer(AdminClient& client, const Options& options) {
  ROOKERY_RETURN_IF_ERROR(client.TransferLeadership(options.server));
  return options.server == 0 ? std::string("Leadership goes to the voter with most of the log.")
                             : absl::StrCat("Leadership goes to server ", options.server, ".");
}

int RunAction(const GlobalOptions& global, const Options& options, const Action& action) {
  const auto addresses =
      GrpcAddresses(global.servers, global.protocol == "grpc", options.grpc_servers);
  if (!addresses.ok()) {
    std::cerr << "rookery ensemble: " << addresses.status().message() << "\n";
    return kExitUsage;
  }
  const auto run = [&]() -> absl::StatusOr<std::string> {
    ROOKERY_ASSIGN_OR_RETURN(
        const Address leader,
        FindLeader(*addresses, options.auth, std::min(global.timeout_ms, kStatusTimeoutMsMax)));
    AdminClient client(leader, options.auth, global.timeout_ms);
    return action(client, options);
  };
  const absl::StatusOr<std::string> told = run();
  if (!told.ok()) {
    std::cerr << "rookery ensemble: " << told.status().message() << "\n";
    return kExitFailed;
  }
  std::cout << *told << "\n";
  return kExitOk;
}

}  // namespace

Run DefineEnsemble(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--grpc-servers", options->grpc_servers,
                 "host:port,... of the gRPC ports, if they are not 1000 above the client ports");
  app.add_option("--auth", options->auth,
                 "user:password of the super identity; needed from another machine");
  app.require_subcommand(1);

  CLI::App* add = app.add_subcommand("add", "let a server in that is started and waits");
  add->add_option("server", options->server, "N of its server.N line")->required();
  add->add_option("address", options->address,
                  "host:quorumPort:electionPort[;clientPort], as in that line")
      ->required();
  add->add_flag("--observer", options->observer, "it gets no vote");

  CLI::App* rejoin =
      app.add_subcommand("rejoin", "let a server back in that lost its data and waits");
  rejoin->add_option("server", options->server, "N of its server.N line")->required();

  CLI::App* transfer = app.add_subcommand("transfer", "hand leadership to another voter");
  transfer->add_option("server", options->server,
                       "N of its server.N line; otherwise the one with most of the log");

  for (CLI::App* sub : {add, rejoin, transfer}) sub->fallthrough();
  return [=, &global] {
    const Action action = add->parsed() ? Action(Add) : rejoin->parsed() ? Rejoin : Transfer;
    return RunAction(global, *options, action);
  };
}

}  // namespace rookery::tools::ensemble
