#include "coordinator/store/layer/snapshot_view.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/model/path.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"

namespace rookery::store {

absl::Status SnapshotView::Scan(
    absl::string_view root, absl::string_view from_path,
    const std::function<bool(absl::string_view path, const Node& node)>& visit) const {
  bool wanted = true;
  bool found = false;
  absl::Status damaged;
  const auto visit_row = [&](absl::string_view key, absl::string_view value) {
    found = true;
    const absl::string_view path = PathOfNodeKey(key);
    const absl::StatusOr<Node> node = DecodeNode(value);
    if (!node.ok()) {
      damaged = absl::Status(node.status().code(),
                             absl::StrCat("node ", path, ": ", node.status().message()));
      return false;
    }
    wanted = visit(path, *node);
    return wanted;
  };
  const auto scan = [&](absl::string_view begin, absl::string_view end) {
    ROOKERY_RETURN_IF_ERROR(snapshot_->Scan(begin, end, visit_row));
    return damaged;
  };

  const std::string from = from_path.empty() ? std::string() : NodeKey(from_path);
  const std::string root_key = NodeKey(root);
  if (from <= root_key) ROOKERY_RETURN_IF_ERROR(scan(root_key, root_key + std::string(1, 0)));
  const uint32_t root_depth = model::PathDepth(root);
  const uint32_t from_depth = from_path.empty() ? 0 : model::PathDepth(from_path);
  // Level by level; a level without a node of the subtree is the last. The first may seem so, since
  // the scan can begin behind its nodes.
  for (uint32_t depth = std::max(root_depth + 1, from_depth); wanted; ++depth) {
    found = false;
    const std::string prefix = DescendantsPrefix(root, depth);
    const std::string begin = std::max(prefix, from);
    const std::string end = AfterPrefix(prefix);
    if (begin < end) ROOKERY_RETURN_IF_ERROR(scan(begin, end));
    if (!found && depth != from_depth) break;
  }
  return absl::OkStatus();
}

}  // namespace rookery::store
