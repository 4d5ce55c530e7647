#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"
#include "coordinator/tree/quota.h"

namespace rookery::tree {
namespace {

using model::ErrorCode;

constexpr int32_t kTtlFlag = 5;
constexpr int32_t kTtlSequentialFlag = 6;

bool IsSequential(int32_t flags) {
  return flags == model::kPersistentSequential || flags == model::kEphemeralSequential;
}

bool IsEphemeral(int32_t flags) {
  return flags == model::kEphemeral || flags == model::kEphemeralSequential;
}

ErrorCode CheckFlags(int32_t flags) {
  if (flags < 0 || flags > kTtlSequentialFlag) return ErrorCode::kBadArguments;
  // Extended types are off: TTL nodes are not built.
  if (flags == kTtlFlag || flags == kTtlSequentialFlag) return ErrorCode::kUnimplemented;
  return ErrorCode::kOk;
}

model::AclRef Share(model::Acl acl) {
  if (acl == *model::OpenAcl()) return model::OpenAcl();
  return std::make_shared<const model::Acl>(std::move(acl));
}

store::Node NewNode(const model::CreateRequest& request, model::AclRef acl,
                    const WriteContext& context) {
  store::Node node;
  node.data = request.data;
  node.acl = std::move(acl);
  node.czxid = node.mzxid = node.pzxid = context.zxid;
  node.ctime_ms = node.mtime_ms = context.time_ms;
  // Op create alone takes the container's flag for a plain persistent node (2.2), and
  // createContainer makes a container of every flag.
  if (request.container) {
    node.ephemeral_owner = store::kContainerOwner;
  } else if (IsEphemeral(request.flags)) {
    node.ephemeral_owner = context.session;
  }
  return node;
}

// The counter sticks at its end instead of wrapping, as ZooKeeper's tree does (2.4).
void CountCreation(store::Node* parent) {
  if (parent->child_creations < std::numeric_limits<int32_t>::max()) ++parent->child_creations;
  ++parent->num_children;
}

}  // namespace

Result Create(const model::CreateRequest& request, const WriteContext& context, Overlay& tree) {
  if (const ErrorCode error = CheckFlags(request.flags); error != ErrorCode::kOk) {
    return Result::Error(error);
  }
  if (IsEphemeral(request.flags) && context.session == 0) {
    return Result::Error(ErrorCode::kBadArguments);
  }
  if (!model::HasSlashAndNoNul(request.path)) return Result::Error(ErrorCode::kBadArguments);
  std::optional<model::Acl> acl = model::NormalizeAcl(request.acl, context.who);
  if (!acl.has_value()) return Result::Error(ErrorCode::kInvalidAcl);

  const std::string parent_path(model::ParentPath(request.path));
  const store::Node* found = tree.Find(parent_path);
  if (found == nullptr) return Result::Error(ErrorCode::kNoNode);
  if (!model::Allows(*found->acl, context.who, model::kCreate)) {
    return Result::Error(ErrorCode::kNoAuth);
  }
  store::Node parent = *found;

  std::string path = request.path;
  if (IsSequential(request.flags)) {
    absl::StrAppend(&path, model::SequenceSuffix(parent.child_creations));
  }
  if (!model::IsValidPath(path)) return Result::Error(ErrorCode::kBadArguments);
  if (tree.Find(path) != nullptr) return Result::Error(ErrorCode::kNodeExists);
  if (parent.IsEphemeral()) return Result::Error(ErrorCode::kNoChildrenForEphemerals);
  const Usage added = {.nodes = 1, .bytes = DataBytes(request.data)};
  if (context.who.enforce_quota && ExceedsQuota(path, added, tree)) {
    return Result::Error(ErrorCode::kQuotaExceeded);
  }

  CountCreation(&parent);
  parent.pzxid = context.zxid;
  store::Node node = NewNode(request, Share(*std::move(acl)), context);
  const model::Stat stat = node.ToStat();
  tree.Add({.kind = model::Change::Kind::kCreated,
            .path = path,
            .acl = node.acl,
            .parent_acl = parent.acl});
  tree.Put(parent_path, std::move(parent));
  tree.Put(path, std::move(node));
  if (IsQuotaStatistics(path) && !FillQuotaStatistics(path, tree)) {
    return Result::Error(ErrorCode::kBadArguments);
  }
  CountForQuota(path, added, tree);
  return {.body = model::CreateReply{.path = std::move(path),
                                     .stat = stat,
                                     .with_stat = request.want_stat || request.container}};
}

}  // namespace rookery::tree
