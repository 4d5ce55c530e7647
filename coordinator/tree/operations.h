// What each operation does to the tree: one pure function per operation, one file each under ops/.
// The order of the checks is ZooKeeper's (zookeeper-protocol 2.2 and 2.10); the first failure is
// the answer. After an error, or when the overlay missed a node, its contents are void.
#pragma once

#include <cstdint>

#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "coordinator/tree/overlay.h"

namespace rookery::tree {

struct WriteContext {
  model::SessionId session = 0;  // 0: none, so no ephemerals
  model::Zxid zxid = 0;
  int64_t time_ms = 0;  // the entry's
  const model::Credentials& who;
};

struct Result {
  model::ErrorCode error = model::ErrorCode::kOk;
  model::ReplyBody body;  // EmptyReply on error

  static Result Error(model::ErrorCode error) { return {.error = error}; }
};

Result Create(const model::CreateRequest& request, const WriteContext& context, Overlay& tree);
Result Delete(const model::DeleteRequest& request, const WriteContext& context, Overlay& tree);
Result SetData(const model::SetDataRequest& request, const WriteContext& context, Overlay& tree);
Result SetAcl(const model::SetAclRequest& request, const WriteContext& context, Overlay& tree);
Result Check(const model::CheckRequest& request, const WriteContext& context, Overlay& tree);
// All or nothing; the result's error is kOk even if a part failed (1.6), the parts tell, and then
// nothing is left in the overlay.
Result Multi(const model::MultiRequest& request, const WriteContext& context, Overlay& tree);

// Deletes a node without asking anybody: for a session's ephemerals. No-op if it is gone.
void Remove(absl::string_view path, model::Zxid zxid, Overlay& tree);

Result Exists(const model::ExistsRequest& request, const model::Credentials& who, Overlay& tree);
Result GetData(const model::GetDataRequest& request, const model::Credentials& who, Overlay& tree);
Result GetAcl(const model::GetAclRequest& request, const model::Credentials& who, Overlay& tree);
Result GetChildren(const model::GetChildrenRequest& request, const model::Credentials& who,
                   Overlay& tree);

}  // namespace rookery::tree
