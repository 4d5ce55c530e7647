#include "coordinator/tree/operations.h"
#include "coordinator/tree/ops/reads.h"

namespace rookery::tree {

using model::ErrorCode;

Result GetAcl(const model::GetAclRequest& request, const model::Credentials& who, Overlay& tree) {
  const store::Node* node = tree.Find(OrRoot(request.path));
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*node->acl, who, model::kRead | model::kAdmin)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  const bool whole = model::Allows(*node->acl, who, model::kAdmin);
  return {.body = model::AclReply{.acl = whole ? *node->acl : model::RedactAcl(*node->acl),
                                  .stat = node->ToStat()}};
}

}  // namespace rookery::tree
