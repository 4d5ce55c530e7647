// What the reads share. Private to ops/.
#pragma once

#include "absl/strings/string_view.h"

namespace rookery::tree {

// The empty string is another name of the root for reads (2.1).
inline absl::string_view OrRoot(absl::string_view path) { return path.empty() ? "/" : path; }

}  // namespace rookery::tree
