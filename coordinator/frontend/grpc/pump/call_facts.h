// Who a call comes from.
#pragma once

#include <grpcpp/server_context.h>

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/frontend/identity/identity.h"

namespace rookery::frontend {

// "127.0.0.1:4711" or "[::1]:4711" of gRPC's "ipv4:..." and "ipv6:..." forms.
std::string PeerName(const grpc::ServerContextBase& context);
// The host alone, IPv6 without brackets.
std::string PeerHost(const std::string& peer_name);
bool IsLoopback(const std::string& peer_host);

// Identities of a call without a session: its address, and the metadata "rookery-auth", each
// "digest user:password". Unauthenticated names what is wrong.
absl::StatusOr<model::Credentials> CallCredentials(const grpc::ServerContextBase& context,
                                                   const IdentityRules& rules);

}  // namespace rookery::frontend
