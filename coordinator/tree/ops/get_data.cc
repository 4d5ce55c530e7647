#include "coordinator/tree/operations.h"
#include "coordinator/tree/ops/reads.h"

namespace rookery::tree {

using model::ErrorCode;

Result GetData(const model::GetDataRequest& request, const model::Credentials& who, Overlay& tree) {
  const store::Node* node = tree.Find(OrRoot(request.path));
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*node->acl, who, model::kRead)) return Result::Error(ErrorCode::kNoAuth);
  return {.body = model::DataReply{.data = node->data, .stat = node->ToStat()}};
}

}  // namespace rookery::tree
