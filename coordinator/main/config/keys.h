// What each key of zoo.cfg means here, as a table. Private to config/.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/main/config/config.h"

namespace rookery::config {

struct KeyRow {
  std::string name;  // a trailing ".*" stands for all below
  // Puts the value into the configuration. InvalidArgument says what was expected.
  std::function<absl::Status(const std::string& value, Config* config)> take;
};

// Keys with a meaning.
const std::vector<KeyRow>& TakenKeys();

// ZooKeeper's keys that are accepted and change nothing here (snapshots, caches, the JVM); a
// trailing ".*" stands for all below.
const std::vector<std::string>& IgnoredKeys();

// Keys that restrict access or change the quorum and are not offered: refused by name unless the
// value switches them off.
struct RefusedKey {
  std::string name;  // a trailing ".*" stands for all below
  std::string why;
};
const std::vector<RefusedKey>& RefusedKeys();

// True if `name` matches `pattern`, which may end in ".*".
bool MatchesKey(absl::string_view pattern, absl::string_view name);

}  // namespace rookery::config
