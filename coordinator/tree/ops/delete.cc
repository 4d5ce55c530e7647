#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"

namespace rookery::tree {

using model::ErrorCode;

Result Delete(const model::DeleteRequest& request, const WriteContext& context, Overlay& tree) {
  if (!model::HasSlashAndNoNul(request.path) || model::IsReservedPath(request.path)) {
    return Result::Error(ErrorCode::kBadArguments);
  }
  const store::Node* parent = tree.Find(model::ParentPath(request.path));
  if (parent == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*parent->acl, context.who, model::kDelete)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  const store::Node* node = tree.Find(request.path);
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (request.version != -1 && request.version != node->version) {
    return Result::Error(ErrorCode::kBadVersion);
  }
  if (node->num_children > 0) return Result::Error(ErrorCode::kNotEmpty);
  Remove(request.path, context.zxid, tree);
  return {};
}

}  // namespace rookery::tree
