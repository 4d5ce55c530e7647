#include "coordinator/client/factory/client_factory.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/client/connect_string.h"
#include "coordinator/client/grpc/grpc_client.h"
#include "coordinator/client/zookeeper/zookeeper_client.h"

namespace rookery::client {

absl::StatusOr<Protocol> ParseProtocol(absl::string_view name) {
  if (name == "zookeeper") return Protocol::kZooKeeper;
  if (name == "grpc") return Protocol::kGrpc;
  return absl::InvalidArgumentError(
      absl::StrCat("expected the protocol zookeeper or grpc, found \"", name, "\""));
}

uint16_t DefaultPort(Protocol protocol) {
  return protocol == Protocol::kGrpc ? kDefaultPort + 1000 : kDefaultPort;
}

absl::StatusOr<std::unique_ptr<Client>> CreateClient(Protocol protocol, AsioCore* core,
                                                     Options options) {
  return CreateClient(protocol, core, core, std::move(options));
}

absl::StatusOr<std::unique_ptr<Client>> CreateClient(Protocol protocol, Executor* executor,
                                                     Network* network, Options options) {
  switch (protocol) {
    case Protocol::kZooKeeper:
      return CreateZooKeeperClient(executor, network, &SystemClock(), std::move(options));
    case Protocol::kGrpc:
      return CreateGrpcClient(executor, &SystemClock(), std::move(options));
  }
  return absl::InvalidArgumentError("expected one of the known protocols");
}

absl::StatusOr<std::unique_ptr<BlockingClient>> OpenBlockingClient(Protocol protocol,
                                                                   absl::string_view servers,
                                                                   Options options,
                                                                   int64_t wait_ms) {
  ROOKERY_ASSIGN_OR_RETURN(ConnectString parsed,
                           ParseConnectString(servers, DefaultPort(protocol)));
  options.servers = std::move(parsed.servers);
  options.chroot = std::move(parsed.chroot);
  if (options.seed == 0) options.seed = SeedFromSystem();
  ROOKERY_ASSIGN_OR_RETURN(std::unique_ptr<BlockingClient> client,
                           BlockingClient::Create(
                               [protocol](AsioCore* core, Options taken) {
                                 return CreateClient(protocol, core, std::move(taken));
                               },
                               std::move(options)));
  if (!client->Connect(wait_ms)) {
    std::string failure;
    bool refused = false;
    client->WithClient([&](Client& asked) {
      refused = asked.state() == SessionState::kAuthFailed;
      failure = absl::StrCat("state ", StateName(asked.state()),
                             asked.last_failure().empty() ? "" : ", ", asked.last_failure());
    });
    if (refused) {
      return absl::UnauthenticatedError(
          absl::StrCat(servers, " refused the login (", failure,
                       "): check the user and the password, and that the servers have such users"));
    }
    return absl::UnavailableError(absl::StrCat("no session with ", servers, " within ", wait_ms,
                                               " ms (", failure,
                                               "): check that the servers run and serve"));
  }
  return client;
}

}  // namespace rookery::client
