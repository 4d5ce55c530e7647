// Reading a whole subtree as it stood at one zxid: the Scan call, for tools that may wait.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/stat.h"

namespace rookery::client {

struct ScannedNode {
  absl::string_view path;
  std::optional<absl::string_view> data;  // nullopt: null
  model::Stat stat;
};

// Calls `visit` on this thread for each node at and below `path` that comes behind `after_path`
// (which need not exist; "" begins at `path`), in order of depth and then of path, until it says
// false. Gives the zxid of the state that was read. The server's own statuses otherwise, and
// Unavailable if it cannot be reached.
absl::StatusOr<model::Zxid> ScanSubtree(const Address& server, const std::string& path,
                                        const std::string& after_path,
                                        const std::function<bool(const ScannedNode&)>& visit);

}  // namespace rookery::client
