// From what a client presents to who it is: the rules that all doors share (zookeeper-protocol 5.2,
// 5.5). What this server's configuration decides is resolved here and carried in each request.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"

namespace rookery::frontend {

struct IdentityRules {
  bool skip_acl = false;       // skipACL=yes
  bool digest_enabled = true;  // DigestAuthenticationProvider.enabled
  std::string super_digest;    // "super:<base64>"; empty: nobody is super
};

// The credentials of a fresh connection: its address, and nothing else.
model::Credentials FreshCredentials(const IdentityRules& rules, absl::string_view peer_host);

// Adds what an auth packet proves. Unauthenticated: an unknown scheme, or one that cannot be
// presented this way; `credentials` is unchanged. Digest never fails: any "user:password" is an
// identity.
absl::Status AddAuth(const IdentityRules& rules, absl::string_view scheme, absl::string_view auth,
                     model::Credentials* credentials);

}  // namespace rookery::frontend
