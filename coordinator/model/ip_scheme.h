// The ACL scheme "ip": addresses with an optional prefix length. Private to this module.
#pragma once

#include "absl/strings/string_view.h"

namespace rookery::model {

// True for an IPv4 or IPv6 address, with "/bits" (0 to 32, or 128) or without.
bool IsIpId(absl::string_view id);

// True if `address` lies under `id`'s prefix; the families must be the same.
bool IpMatches(absl::string_view id, absl::string_view address);

}  // namespace rookery::model
