#include "coordinator/tree/operations.h"
#include "coordinator/tree/ops/reads.h"

namespace rookery::tree {

using model::ErrorCode;

// An invalid path is just a missing node; only NUL is refused.
Result Exists(const model::ExistsRequest& request, const model::Credentials& who, Overlay& tree) {
  if (request.path.find('\0') != std::string::npos) return Result::Error(ErrorCode::kBadArguments);
  const store::Node* node = tree.Find(OrRoot(request.path));
  if (node == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*node->acl, who, model::kRead)) return Result::Error(ErrorCode::kNoAuth);
  return {.body = model::StatReply{node->ToStat()}};
}

}  // namespace rookery::tree
