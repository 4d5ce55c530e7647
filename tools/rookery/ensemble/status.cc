#include "tools/rookery/ensemble/status.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"
#include "tools/rookery/ensemble/admin_client.h"
#include "tools/rookery/ensemble/ensemble_report.h"

namespace rookery::tools::ensemble {
namespace {

constexpr int64_t kAskTimeoutMsMax = 2000;

struct Options {
  bool json = false;
  std::string grpc_servers;
};

absl::StatusOr<EnsembleReport> Ask(const GlobalOptions& global, const Options& options) {
  const int64_t timeout_ms = std::min(global.timeout_ms, kAskTimeoutMsMax);
  const bool grpc_only = global.protocol == "grpc";
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<Address> grpc_addresses,
                           GrpcAddresses(global.servers, grpc_only, options.grpc_servers));
  ROOKERY_ASSIGN_OR_RETURN(const client::ConnectString servers,
                           client::ParseConnectString(global.servers));
  if (!grpc_only && grpc_addresses.size() != servers.servers.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected as many --grpc-servers as --servers, found ", grpc_addresses.size(),
                     " and ", servers.servers.size()));
  }
  EnsembleReport report;
  for (size_t i = 0; i < grpc_addresses.size(); ++i) {
    ServerReport server;
    if (grpc_only) {
      server.address = grpc_addresses[i];
    } else {
      server = AskServer(servers.servers[i], timeout_ms);
    }
    Address door = grpc_addresses[i];
    // What the server says is better than a guess.
    if (options.grpc_servers.empty() && server.grpc_port.value_or(0) != 0) {
      door.port = static_cast<uint16_t>(*server.grpc_port);
    }
    const auto status = AdminClient(door, "", timeout_ms).GetStatus();
    if (status.ok()) {
      ReadAdminStatus(*status, &server, &report);
    } else if (grpc_only) {
      server.problem = std::string(status.status().message());
    }
    report.servers.push_back(std::move(server));
  }
  return report;
}

int RunStatus(const GlobalOptions& global, const Options& options) {
  const absl::StatusOr<EnsembleReport> report = Ask(global, options);
  if (!report.ok()) {
    std::cerr << "rookery status: " << report.status().message() << "\n";
    return kExitUsage;
  }
  if (options.json) {
    std::cout << boost::json::serialize(ToJson(*report)) << "\n";
  } else {
    std::cout << ToText(*report);
    for (const ServerReport& server : report->servers) {
      if (!server.problem.empty()) {
        std::cerr << server.address.ToString() << ": " << server.problem << "\n";
      }
    }
  }
  const std::string conflict = report->DigestConflict();
  if (!conflict.empty()) std::cerr << "rookery status: " << conflict << "\n";
  return report->HasLeader() && conflict.empty() ? kExitOk : kExitFailed;
}

}  // namespace

Run DefineStatus(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_flag("--json", options->json, "one object");
  app.add_option("--grpc-servers", options->grpc_servers,
                 "host:port,... of the gRPC ports, in the order of --servers, if they are not "
                 "1000 above the client ports and the servers may not say (conf is not in their "
                 "4lw.commands.whitelist)");
  app.footer(
      "Exit status 1 if none of the servers leads, or if two of them hold different states.");
  return [options, &global] { return RunStatus(global, *options); };
}

}  // namespace rookery::tools::ensemble
