#include "coordinator/tree/operations.h"
#include "coordinator/tree/ops/reads.h"

namespace rookery::tree {

using model::ErrorCode;

Result GetChildren(const model::GetChildrenRequest& request, const model::Credentials& who,
                   Overlay& tree) {
  const absl::string_view path = OrRoot(request.path);
  const store::Node* node = tree.Find(path);
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*node->acl, who, model::kRead)) return Result::Error(ErrorCode::kNoAuth);
  const model::Stat stat = node->ToStat();
  return {.body = model::ChildrenReply{
              .children = stat.num_children == 0 ? std::vector<std::string>() : tree.Children(path),
              .stat = stat,
              .with_stat = request.want_stat}};
}

}  // namespace rookery::tree
