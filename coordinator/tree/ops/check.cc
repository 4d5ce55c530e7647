#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"

namespace rookery::tree {

using model::ErrorCode;

Result Check(const model::CheckRequest& request, const WriteContext& context, Overlay& tree) {
  if (!model::IsValidPath(request.path)) return Result::Error(ErrorCode::kBadArguments);
  const store::Node* node = tree.Find(request.path);
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*node->acl, context.who, model::kRead)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  if (request.version != -1 && request.version != node->version) {
    return Result::Error(ErrorCode::kBadVersion);
  }
  return {};
}

}  // namespace rookery::tree
