#include "coordinator/frontend/identity/identity.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rookery::frontend {
namespace {

void Insert(model::Id id, model::Credentials* credentials) {
  auto& identities = credentials->identities;
  const auto at = std::lower_bound(identities.begin(), identities.end(), id);
  if (at != identities.end() && *at == id) return;
  identities.insert(at, std::move(id));
}

}  // namespace

model::Credentials FreshCredentials(const IdentityRules& rules, absl::string_view peer_host) {
  model::Credentials credentials;
  credentials.skip_acl = rules.skip_acl;
  credentials.identities.push_back({"ip", std::string(peer_host)});
  return credentials;
}

absl::Status AddAuth(const IdentityRules& rules, absl::string_view scheme, absl::string_view auth,
                     model::Credentials* credentials) {
  // Everybody has it already, and ZooKeeper takes it for whatever text.
  if (scheme == "ip") return absl::OkStatus();
  if (scheme != "digest" || !rules.digest_enabled) {
    return absl::UnauthenticatedError(
        absl::StrCat("authentication scheme '", scheme, "' is not accepted here",
                     rules.digest_enabled ? ": expected 'digest'" : ""));
  }
  std::string id = model::DigestId(std::string(auth));
  if (!rules.super_digest.empty() && id == rules.super_digest) credentials->super = true;
  Insert({"digest", std::move(id)}, credentials);
  return absl::OkStatus();
}

}  // namespace rookery::frontend
