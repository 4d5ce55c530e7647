// The directives of a DIGEST-MD5 token (RFC 2831, 7.1), read strictly before the library sees them:
//
//   token     := directive ("," directive)*       white space is allowed around each part
//   directive := name "=" (word | '"' text '"')   in the text, a backslash takes the next byte as
//   it is
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::sasl {

using Directives = std::map<std::string, std::string>;  // values by name, in small letters

// Unauthenticated: not of this form, a name that stands twice, or a byte that no text has.
absl::StatusOr<Directives> ReadDirectives(absl::string_view token);

}  // namespace rookery::sasl
