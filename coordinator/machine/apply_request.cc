#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/plant.h"
#include "coordinator/machine/machine_impl.h"
#include "coordinator/store/node_codec.h"

namespace rookery::machine {
namespace {

using model::ErrorCode;

// Runs an operation of the tree. REQUIRES: the operation is not one of a session.
struct TreeOperation {
  const tree::WriteContext& context;
  tree::Overlay& overlay;

  tree::Result operator()(const model::CreateRequest& request) const {
    return tree::Create(request, context, overlay);
  }
  tree::Result operator()(const model::DeleteRequest& request) const {
    return tree::Delete(request, context, overlay);
  }
  tree::Result operator()(const model::SetDataRequest& request) const {
    return tree::SetData(request, context, overlay);
  }
  tree::Result operator()(const model::SetAclRequest& request) const {
    return tree::SetAcl(request, context, overlay);
  }
  tree::Result operator()(const model::MultiRequest& request) const {
    return tree::Multi(request, context, overlay);
  }
  tree::Result operator()(const model::OpenSessionRequest&) const { return NotOfTheTree(); }
  tree::Result operator()(const model::AttachSessionRequest&) const { return NotOfTheTree(); }
  tree::Result operator()(const model::CloseSessionRequest&) const { return NotOfTheTree(); }

  static tree::Result NotOfTheTree() {
    ROOKERY_CHECK(false) << "a session's operation reached the tree";
    return {};
  }
};

uint64_t BytesOf(absl::string_view path, const store::Node& node) {
  return path.size() + (node.data.has_value() ? node.data->size() : 0);
}

model::NodeState ToState(const store::Node& node) {
  return {.data = node.data,
          .acl = node.acl,
          .czxid = node.czxid,
          .mzxid = node.mzxid,
          .version = node.version};
}

}  // namespace

bool MachineImpl::ApplyRequest(const model::WriteRequest& request, Outcome* outcome) {
  outcome->session = request.session;
  outcome->owner = request.owner;
  if (std::holds_alternative<model::OpenSessionRequest>(request.operation)) {
    ApplyOpen(request, outcome);
    return true;
  }
  if (std::holds_alternative<model::AttachSessionRequest>(request.operation)) {
    ApplyAttach(request, outcome);
    return true;
  }
  if (const ErrorCode error = CheckSession(request); error != ErrorCode::kOk) {
    outcome->reply = {.error = error, .zxid = zxids_.Take()};
    return true;
  }
  if (std::holds_alternative<model::CloseSessionRequest>(request.operation)) {
    if (request.session == 0) {
      outcome->reply = {.error = ErrorCode::kBadArguments, .zxid = zxids_.Take()};
      return true;
    }
    return ApplyClose(request.session, outcome);
  }
  return ApplyToTree(request, outcome);
}

ErrorCode MachineImpl::CheckSession(const model::WriteRequest& request) const {
  if (request.session == 0) return ErrorCode::kOk;
  const session::Session* session = sessions_.Find(request.session);
  if (session == nullptr) return ErrorCode::kSessionExpired;
  return session->owner == request.owner ? ErrorCode::kOk : ErrorCode::kSessionMoved;
}

bool MachineImpl::ApplyToTree(const model::WriteRequest& request, Outcome* outcome) {
  tree::Overlay overlay(store_);
  const tree::WriteContext context = {.session = request.session,
                                      .zxid = zxids_.Peek(),
                                      .time_ms = entry_.time_ms,
                                      .who = request.credentials};
  tree::Result result = std::visit(TreeOperation{context, overlay}, request.operation);
  if (overlay.missed()) {
    missing_ = overlay.missing();
    return false;
  }
  outcome->reply = {.error = result.error, .zxid = zxids_.Take(), .body = std::move(result.body)};
  if (result.error != ErrorCode::kOk) return true;  // what the overlay holds is void
  outcome->changes = std::move(overlay.changes());
  Commit(overlay);
  return true;
}

bool MachineImpl::ApplyClose(model::SessionId id, Outcome* outcome) {
  tree::Overlay overlay(store_);
  // A copy: the commit changes the session's own set.
  const std::set<std::string> ephemerals = sessions_.Find(id)->ephemerals;
  for (const std::string& path : ephemerals) {
    if (ROOKERY_PLANTED(kEphemeralLeftBehind) && path == *ephemerals.rbegin()) break;
    tree::Remove(path, zxids_.Peek(), overlay);
  }
  if (overlay.missed()) {
    missing_ = overlay.missing();
    return false;
  }
  outcome->reply = {.zxid = zxids_.Take()};
  outcome->changes = std::move(overlay.changes());
  Commit(overlay);
  if (ROOKERY_PLANTED(kEphemeralLeftBehind) && !ephemerals.empty()) {
    sessions_.RemoveEphemeral(id, *ephemerals.rbegin());
  }
  sessions_.Close(id);
  outcome->session_event = Outcome::SessionEvent::kClosed;
  return true;
}

void MachineImpl::ApplyOpen(const model::WriteRequest& request, Outcome* outcome) {
  const auto& open = std::get<model::OpenSessionRequest>(request.operation);
  outcome->session = sessions_.Open(open.timeout_ms, open.password, request.owner);
  outcome->session_event = Outcome::SessionEvent::kOpened;
  outcome->reply = {.zxid = zxids_.Take(),
                    .body = model::SessionReply{outcome->session, open.timeout_ms, open.password}};
}

// Takes no zxid, whether it holds or not.
void MachineImpl::ApplyAttach(const model::WriteRequest& request, Outcome* outcome) {
  const auto& attach = std::get<model::AttachSessionRequest>(request.operation);
  outcome->reply.zxid = zxids_.last();
  const session::Session* session = sessions_.Find(request.session);
  if (session == nullptr || session->password != attach.password) {
    outcome->reply.error = ErrorCode::kSessionExpired;
    return;
  }
  outcome->session_event = Outcome::SessionEvent::kAttached;
  outcome->previous_owner = session->owner;
  sessions_.Attach(request.session, attach.timeout_ms, request.owner);
  outcome->reply.body = model::SessionReply{request.session, attach.timeout_ms, attach.password};
}

void MachineImpl::Tell(const std::string& path, const store::Node* before,
                       const store::Node* after) {
  if (before == nullptr && after == nullptr) return;  // came and went within the request
  // A parent whose children changed, or a new ACL.
  if (before != nullptr && after != nullptr && before->mzxid == after->mzxid) return;
  if (!sink_->Wants(path)) return;
  model::NodeChange change{.path = path};
  if (before != nullptr) change.before = ToState(*before);
  if (after != nullptr) change.after = ToState(*after);
  sink_->OnChange(zxids_.last(), std::move(change));
}

void MachineImpl::FollowOwner(const std::string& path, const store::Node* old,
                              const store::Node* now) {
  const bool was_container = old != nullptr && old->IsContainer();
  if (now != nullptr && now->IsContainer()) {
    containers_.Put(path, *now);
  } else if (was_container) {
    containers_.Erase(path);
  }
  // A multi may replace one session's ephemeral node by another's.
  const model::SessionId old_owner =
      old != nullptr && old->IsEphemeral() ? old->ephemeral_owner : 0;
  const model::SessionId new_owner =
      now != nullptr && now->IsEphemeral() ? now->ephemeral_owner : 0;
  if (old_owner == new_owner) return;
  const bool orphan = ROOKERY_PLANTED(kEphemeralLeftBehind) && sessions_.Find(old_owner) == nullptr;
  if (old_owner != 0 && !orphan) sessions_.RemoveEphemeral(old_owner, path);
  if (new_owner != 0) sessions_.AddEphemeral(new_owner, path);
}

void MachineImpl::Commit(tree::Overlay& overlay) {
  for (tree::Overlay::Entry& entry : overlay.entries()) {
    const store::Node* old = store_->Find(entry.path).node;
    if (sink_ != nullptr) Tell(entry.path, old, entry.present ? &entry.node : nullptr);
    FollowOwner(entry.path, old, entry.present ? &entry.node : nullptr);
    if (old != nullptr) {
      state_.node_digest -= store::NodeHash(entry.path, *old);
      state_.data_bytes -= BytesOf(entry.path, *old);
      --state_.node_count;
    }
    if (entry.present) {
      state_.node_digest += store::NodeHash(entry.path, entry.node);
      state_.data_bytes += BytesOf(entry.path, entry.node);
      ++state_.node_count;
      store_->Put(entry.path, std::move(entry.node));
    } else if (old != nullptr) {
      store_->Erase(entry.path);
    }
  }
}

}  // namespace rookery::machine
