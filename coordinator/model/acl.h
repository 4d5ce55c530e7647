// Access control lists and identities. Source: zookeeper-protocol section 5.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rookery::model {

enum Permission : int32_t {
  kRead = 1,
  kWrite = 2,
  kCreate = 4,
  kDelete = 8,
  kAdmin = 16,
  kAll = 31
};

struct Id {
  std::string scheme;
  std::string id;
  bool operator==(const Id&) const = default;
  auto operator<=>(const Id&) const = default;
};

struct AclEntry {
  int32_t permissions = 0;  // bits outside kAll are kept untouched
  Id id;
  bool operator==(const AclEntry&) const = default;
};

using Acl = std::vector<AclEntry>;
// Lists are shared between nodes and never changed. Never null in a node.
using AclRef = std::shared_ptr<const Acl>;

// world:anyone:cdrwa and world:anyone:r, one object each for the whole process.
const AclRef& OpenAcl();
const AclRef& ReadOnlyAcl();

// Who asks, resolved at the door from the connection and this server's configuration, and carried
// in the request, so that every server decides alike.
struct Credentials {
  std::vector<Id> identities;  // sorted, without "world"; "ip" always among them
  bool super = false;          // holds the super identity
  bool skip_acl = false;       // the door's configuration says skipACL=yes
  bool sasl_offered = false;   // the door knows the scheme sasl, so that ACLs may name it
  bool enforce_quota = false;  // the door's configuration says enforceQuota=true
  bool operator==(const Credentials&) const = default;
};

// True if `credentials` may do any of `wanted` on a node with `acl` (5.1: skipACL, empty list,
// super, world:anyone, or a matching identity of the entry's scheme).
bool Allows(const Acl& acl, const Credentials& credentials, int32_t wanted);

// What a create or setACL stores (5.3): duplicates dropped, `auth` expanded, schemes and ids
// checked. Nullopt: InvalidACL. Known schemes: world, ip, digest, auth, and sasl where it is
// offered.
std::optional<Acl> NormalizeAcl(const std::optional<Acl>& requested,
                                const Credentials& credentials);

// What getACL shows a caller without ADMIN (5.4): digest ids cut to "user:x".
Acl RedactAcl(const Acl& acl);

// "user:base64(sha1(user:password))", from the "user:password" of an auth packet.
std::string DigestId(const std::string& user_and_password);

}  // namespace rookery::model
