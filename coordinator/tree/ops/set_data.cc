#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"
#include "coordinator/tree/quota.h"

namespace rookery::tree {

using model::ErrorCode;

Result SetData(const model::SetDataRequest& request, const WriteContext& context, Overlay& tree) {
  if (!model::IsValidPath(request.path)) return Result::Error(ErrorCode::kBadArguments);
  const store::Node* found = tree.Find(request.path);
  if (found == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*found->acl, context.who, model::kWrite)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  const Usage added = {.bytes = DataBytes(request.data) - DataBytes(found->data)};
  if (context.who.enforce_quota && ExceedsQuota(request.path, added, tree)) {
    return Result::Error(ErrorCode::kQuotaExceeded);
  }
  if (request.version != -1 && request.version != found->version) {
    return Result::Error(ErrorCode::kBadVersion);
  }
  store::Node node = found->WithoutData();
  node.data = request.data;
  node.version = static_cast<int32_t>(static_cast<uint32_t>(node.version) + 1);  // wraps
  node.mzxid = context.zxid;
  node.mtime_ms = context.time_ms;
  const model::Stat stat = node.ToStat();
  tree.Add({.kind = model::Change::Kind::kDataChanged, .path = request.path, .acl = node.acl});
  tree.Put(request.path, std::move(node));
  CountForQuota(request.path, added, tree);
  return {.body = model::StatReply{stat}};
}

}  // namespace rookery::tree
