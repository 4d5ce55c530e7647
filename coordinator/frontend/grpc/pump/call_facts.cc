#include "coordinator/frontend/grpc/pump/call_facts.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"

namespace rookery::frontend {

std::string PeerName(const grpc::ServerContextBase& context) {
  const std::string peer = context.peer();
  absl::string_view name = peer;
  if (!absl::ConsumePrefix(&name, "ipv4:")) absl::ConsumePrefix(&name, "ipv6:");
  // gRPC percent-encodes the brackets of IPv6.
  return absl::StrReplaceAll(name, {{"%5B", "["}, {"%5D", "]"}});
}

std::string PeerHost(const std::string& peer_name) {
  absl::string_view host = peer_name;
  if (const auto colon = host.rfind(':'); colon != absl::string_view::npos) {
    host = host.substr(0, colon);
  }
  absl::ConsumePrefix(&host, "[");
  absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

bool IsLoopback(const std::string& peer_host) {
  return absl::StartsWith(peer_host, "127.") || peer_host == "::1" ||
         absl::StartsWith(peer_host, "::ffff:127.");
}

absl::StatusOr<model::Credentials> CallCredentials(const grpc::ServerContextBase& context,
                                                   const IdentityRules& rules) {
  model::Credentials credentials = FreshCredentials(rules, PeerHost(PeerName(context)));
  const auto range = context.client_metadata().equal_range("rookery-auth");
  for (auto at = range.first; at != range.second; ++at) {
    const absl::string_view value(at->second.data(), at->second.size());
    const auto space = value.find(' ');
    if (space == absl::string_view::npos) {
      return absl::UnauthenticatedError(
          "expected 'scheme auth' in the metadata rookery-auth, as in 'digest user:password'");
    }
    ROOKERY_RETURN_IF_ERROR(
        AddCredential(rules, value.substr(0, space), value.substr(space + 1), &credentials));
  }
  return credentials;
}

}  // namespace rookery::frontend
