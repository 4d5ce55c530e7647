// Names and formats of state directories ("state-1", "state-2", ...; file FORMAT), the same for all
// bases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery::store {

inline constexpr absl::string_view kFormatFile = "FORMAT";
inline constexpr int kStateFormat = 1;

// "rookery-state 1\n".
std::string FormatText();
// FailedPrecondition names the directory, the format found and what to do.
absl::Status CheckFormat(absl::string_view directory, absl::string_view text);
absl::Status MissingFormat(absl::string_view directory);
// The log database names a directory that is not there.
absl::Status MissingState(absl::string_view directory);

// The number in "state-<n>"; nullopt: another name.
std::optional<uint64_t> NumberOfState(absl::string_view name);
// One that none of `names` has, above all of them.
std::string NextStateName(const std::vector<std::string>& names);

}  // namespace rookery::store
