// From what a client presents to who it is: the rules that all doors share (zookeeper-protocol 5.2,
// 5.5). What this server's configuration decides is resolved here and carried in each request.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"

namespace rookery::frontend {

// Logins with a password that this server knows (5.6).
struct SaslRules {
  std::map<std::string, std::string> passwords;  // by user
  std::set<std::string> super_users;             // superUser, superUser.*
  // allowSaslFailedClients: a refused login leaves a connection that has proved nothing.
  bool keeps_refused = false;
};

struct IdentityRules {
  bool skip_acl = false;                  // skipACL=yes
  bool enforce_quota = false;             // enforceQuota=true
  bool digest_enabled = true;             // DigestAuthenticationProvider.enabled
  std::string super_digest;               // "super:<base64>"; empty: nobody is super
  std::shared_ptr<const SaslRules> sasl;  // null: no logins, and no ACL may name the scheme
};

// The credentials of a fresh connection: its address, and nothing else.
model::Credentials FreshCredentials(const IdentityRules& rules, absl::string_view peer_host);

// Adds what an auth packet proves. Unauthenticated: an unknown scheme, or one that cannot be
// presented this way; `credentials` is unchanged. Digest never fails: any "user:password" is an
// identity. A login of several steps is no auth packet.
absl::Status AddAuth(const IdentityRules& rules, absl::string_view scheme, absl::string_view auth,
                     model::Credentials* credentials);

// The same for the gRPC door, where a login is one message: also scheme "sasl" with
// "user:password", which must be right.
absl::Status AddCredential(const IdentityRules& rules, absl::string_view scheme,
                           absl::string_view auth, model::Credentials* credentials);

// Adds the user that a login proved. REQUIRES: rules.sasl is set.
void AddSaslUser(const IdentityRules& rules, const std::string& user,
                 model::Credentials* credentials);

}  // namespace rookery::frontend
