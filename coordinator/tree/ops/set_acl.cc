#include <memory>

#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"

namespace rookery::tree {

using model::ErrorCode;

Result SetAcl(const model::SetAclRequest& request, const WriteContext& context, Overlay& tree) {
  if (!model::IsValidPath(request.path)) return Result::Error(ErrorCode::kBadArguments);
  std::optional<model::Acl> acl = model::NormalizeAcl(request.acl, context.who);
  if (!acl.has_value()) return Result::Error(ErrorCode::kInvalidAcl);
  const store::Node* found = tree.Find(request.path);
  if (found == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*found->acl, context.who, model::kAdmin)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  if (request.version != -1 && request.version != found->aversion) {
    return Result::Error(ErrorCode::kBadVersion);
  }
  store::Node node = *found;
  node.acl = std::make_shared<const model::Acl>(*std::move(acl));
  node.aversion = static_cast<int32_t>(static_cast<uint32_t>(node.aversion) + 1);  // wraps
  const model::Stat stat = node.ToStat();
  tree.Add({.kind = model::Change::Kind::kAclChanged, .path = request.path, .acl = node.acl});
  tree.Put(request.path, std::move(node));
  return {.body = model::StatReply{stat}};
}

}  // namespace rookery::tree
