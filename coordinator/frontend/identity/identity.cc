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

// Takes as long for a wrong password as for the right one.
bool SamePassword(absl::string_view a, absl::string_view b) {
  unsigned char difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  }
  return difference == 0;
}

}  // namespace

model::Credentials FreshCredentials(const IdentityRules& rules, absl::string_view peer_host) {
  model::Credentials credentials;
  credentials.skip_acl = rules.skip_acl;
  credentials.sasl_offered = rules.sasl != nullptr;
  credentials.enforce_quota = rules.enforce_quota;
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

absl::Status AddCredential(const IdentityRules& rules, absl::string_view scheme,
                           absl::string_view auth, model::Credentials* credentials) {
  if (scheme != "sasl" || rules.sasl == nullptr) return AddAuth(rules, scheme, auth, credentials);
  const size_t colon = auth.find(':');
  const auto known = rules.sasl->passwords.find(std::string(auth.substr(0, colon)));
  if (colon == absl::string_view::npos || known == rules.sasl->passwords.end() ||
      !SamePassword(auth.substr(colon + 1), known->second)) {
    return absl::UnauthenticatedError("no such user, or another password");
  }
  AddSaslUser(rules, known->first, credentials);
  return absl::OkStatus();
}

void AddSaslUser(const IdentityRules& rules, const std::string& user,
                 model::Credentials* credentials) {
  if (rules.sasl->super_users.contains(user)) credentials->super = true;
  Insert({"sasl", user}, credentials);
}

}  // namespace rookery::frontend
