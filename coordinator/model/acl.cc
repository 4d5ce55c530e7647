#include "coordinator/model/acl.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/ip_scheme.h"

namespace rookery::model {
namespace {

bool Matches(const Id& wanted, const Credentials& credentials) {
  for (const Id& held : credentials.identities) {
    if (held.scheme != wanted.scheme) continue;
    if (held.scheme == "ip" ? IpMatches(wanted.id, held.id) : held.id == wanted.id) return true;
    // Whoever logs in as this user may do what any other may.
    if (held.scheme == "sasl" && held.id == "super") return true;
  }
  return false;
}

// "a:b" and nothing more or less; Java's split drops empty parts at the end, so "a:b::" counts too.
bool IsDigestId(absl::string_view id) {
  while (!id.empty() && id.back() == ':') id.remove_suffix(1);
  return std::count(id.begin(), id.end(), ':') == 1;
}

// A user, or a principal of Kerberos: name[/host]@realm.
bool IsSaslId(absl::string_view id) {
  const size_t at = id.find('@');
  if (at == absl::string_view::npos) return true;
  return std::count(id.begin(), id.begin() + at, '/') <= 1 &&
         id.find_first_of("/@", at + 1) == absl::string_view::npos;
}

bool IsValidId(const Id& id, bool sasl_offered) {
  if (id.scheme == "world") return id.id == "anyone";
  if (id.scheme == "ip") return IsIpId(id.id);
  if (id.scheme == "digest") return IsDigestId(id.id);
  return id.scheme == "sasl" && sasl_offered && IsSaslId(id.id);
}

// Identities that prove who somebody is, which an address does not.
bool CountsForAuth(const Id& id) { return id.scheme != "ip" && id.scheme != "super"; }

void AppendOnce(AclEntry entry, Acl* acl) {
  if (std::find(acl->begin(), acl->end(), entry) == acl->end()) acl->push_back(std::move(entry));
}

}  // namespace

const AclRef& OpenAcl() {
  static const auto& acl =
      *new AclRef(std::make_shared<const Acl>(Acl{{kAll, {"world", "anyone"}}}));
  return acl;
}

const AclRef& ReadOnlyAcl() {
  static const auto& acl =
      *new AclRef(std::make_shared<const Acl>(Acl{{kRead, {"world", "anyone"}}}));
  return acl;
}

bool Allows(const Acl& acl, const Credentials& credentials, int32_t wanted) {
  if (credentials.skip_acl || credentials.super || acl.empty()) return true;
  return std::any_of(acl.begin(), acl.end(), [&](const AclEntry& entry) {
    if ((entry.permissions & wanted) == 0) return false;
    return (entry.id.scheme == "world" && entry.id.id == "anyone") ||
           Matches(entry.id, credentials);
  });
}

std::optional<Acl> NormalizeAcl(const std::optional<Acl>& requested,
                                const Credentials& credentials) {
  if (!requested.has_value() || requested->empty()) return std::nullopt;
  Acl result;
  for (const AclEntry& entry : *requested) {
    if (entry.id.scheme != "auth") {
      if (!IsValidId(entry.id, credentials.sasl_offered)) return std::nullopt;
      AppendOnce(entry, &result);
      continue;
    }
    bool expanded = false;
    for (const Id& identity : credentials.identities) {
      if (!CountsForAuth(identity)) continue;
      AppendOnce({entry.permissions, identity}, &result);
      expanded = true;
    }
    if (!expanded) return std::nullopt;
  }
  return result;
}

Acl RedactAcl(const Acl& acl) {
  Acl result = acl;
  for (AclEntry& entry : result) {
    if (entry.id.scheme != "digest") continue;
    const size_t colon = entry.id.id.find(':');
    if (colon != std::string::npos) entry.id.id = absl::StrCat(entry.id.id.substr(0, colon), ":x");
  }
  return result;
}

}  // namespace rookery::model
