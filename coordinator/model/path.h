// Rules of znode paths. Source: zookeeper-protocol 2.1. Paths are UTF-8; "/" is the root.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace rookery::model {

// The full validation (every rule of 2.1).
bool IsValidPath(absl::string_view path);
// The weaker test that create and delete begin with: has a '/' and no NUL.
bool HasSlashAndNoNul(absl::string_view path);

// Everything before the last '/', "/" for children of the root. REQUIRES: contains '/'.
absl::string_view ParentPath(absl::string_view path);
// Everything after the last '/'.
absl::string_view BaseName(absl::string_view path);
// parent + "/" + name, right for the root too.
std::string ChildPath(absl::string_view parent, absl::string_view name);
// 0 for "/", 1 for "/a", ...
uint32_t PathDepth(absl::string_view path);

// The ten-wide suffix of sequential nodes (2.4); `counter` is the parent's creations before this
// one.
std::string SequenceSuffix(int32_t counter);

// Nodes that no client may delete: "/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"
// (2.8).
bool IsReservedPath(absl::string_view path);

}  // namespace rookery::model
