// Keys of the state base, in the order of their bytes:
//
//   key   := node | row
//   node  := 'n' depth path      depth: 4 bytes, big-endian (0 for "/"); path as clients see it
//   row   := 'r' name            name: bytes chosen by the row's owner
//
// The children of a node lie together and in the order of their names, since they share depth and
// the parent's path; a level of the tree comes before the next. Part of the replicated level: a
// checkpoint of one server is read by another.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace rookery::store {

inline constexpr char kNodePrefix = 'n';
inline constexpr char kRowPrefix = 'r';

std::string NodeKey(absl::string_view path);
// What all children of `path` begin with.
std::string ChildrenPrefix(absl::string_view path);
// What all descendants of `path` at the given depth begin with. REQUIRES: depth > PathDepth(path).
std::string DescendantsPrefix(absl::string_view path, uint32_t depth);
std::string RowKey(absl::string_view name);

// The path or name in a key. REQUIRES: it is one of a node, or of a row.
absl::string_view PathOfNodeKey(absl::string_view key);
absl::string_view NameOfRowKey(absl::string_view key);

// The first key behind all that begin with `prefix`; empty: there is none.
std::string AfterPrefix(absl::string_view prefix);

// The order of node keys without building them.
bool PathBefore(absl::string_view left, absl::string_view right);

}  // namespace rookery::store
