#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/machine/machine_impl.h"
#include "coordinator/model/path.h"
#include "coordinator/tree/quota.h"

namespace rookery::machine {
namespace {

struct ReadVisitor {
  const model::Credentials& who;
  tree::Overlay& overlay;

  tree::Result operator()(const model::ExistsRequest& request) const {
    return tree::Exists(request, who, overlay);
  }
  tree::Result operator()(const model::GetDataRequest& request) const {
    return tree::GetData(request, who, overlay);
  }
  tree::Result operator()(const model::GetAclRequest& request) const {
    return tree::GetAcl(request, who, overlay);
  }
  tree::Result operator()(const model::GetChildrenRequest& request) const {
    return tree::GetChildren(request, who, overlay);
  }
  tree::Result operator()(const model::SyncRequest& request) const {
    return {.body = model::SyncReply{request.path}};
  }
  tree::Result operator()(const model::PingRequest&) const { return {}; }
  tree::Result operator()(const model::SetWatchesRequest&) const { return Refuse(); }
  tree::Result operator()(const model::AddWatchRequest&) const { return Refuse(); }
  tree::Result operator()(const model::CheckWatchesRequest&) const { return Refuse(); }
  tree::Result operator()(const model::RemoveWatchesRequest&) const { return Refuse(); }
  tree::Result operator()(const model::WhoAmIRequest&) const { return Refuse(); }
  tree::Result operator()(const model::GetEphemeralsRequest&) const { return Refuse(); }

  static tree::Result Refuse() {
    ROOKERY_CHECK(false) << "connections and their watches belong to the service";
    return {};
  }
};

// The nodes that a write will look at, as far as its text tells.
struct TouchVisitor {
  const store::NodeStore& store;
  store::LoadSet& set;

  void Node(absl::string_view path) const { set.nodes.emplace_back(path); }
  void Parent(absl::string_view path) const {
    if (path.find('/') != absl::string_view::npos) Node(model::ParentPath(path));
  }
  void Quota(absl::string_view path) const { tree::TouchQuota(path, store, &set); }
  void operator()(const model::CreateRequest& request) const {
    Parent(request.path);
    Node(request.path);
    Quota(request.path);
  }
  void operator()(const model::DeleteRequest& request) const {
    Parent(request.path);
    Node(request.path);
    Quota(request.path);
  }
  void operator()(const model::SetDataRequest& request) const {
    Node(request.path);
    Quota(request.path);
  }
  void operator()(const model::SetAclRequest& request) const { Node(request.path); }
  void operator()(const model::CheckRequest& request) const { Node(request.path); }
  void operator()(const model::MultiRequest& request) const {
    for (const auto& part : request.parts) std::visit(*this, part);
  }
  void operator()(const model::OpenSessionRequest&) const {}
  void operator()(const model::AttachSessionRequest&) const {}
  void operator()(const model::CloseSessionRequest&) const {}
};

}  // namespace

bool MachineImpl::Read(const model::ReadOperation& operation, const model::Credentials& credentials,
                       model::Reply* reply) {
  tree::Overlay overlay(store_);
  tree::Result result = std::visit(ReadVisitor{credentials, overlay}, operation);
  if (overlay.missed()) {
    missing_ = overlay.missing();
    return false;
  }
  *reply = {.error = result.error, .zxid = zxids_.last(), .body = std::move(result.body)};
  return true;
}

store::LoadSet MachineImpl::Touches(absl::string_view entry_bytes) const {
  store::LoadSet set;
  const absl::StatusOr<wire::LogEntry> entry = wire::DecodeLogEntry(entry_bytes);
  if (!entry.ok()) return set;  // BeginEntry will say so
  const auto touch_removed = [&](const std::string& path) {
    set.nodes.push_back(path);
    set.nodes.emplace_back(model::ParentPath(path));
    tree::TouchQuota(path, *store_, &set);
  };
  const auto touch_close = [&](model::SessionId id) {
    for (const std::string& path : EphemeralsOf(id)) touch_removed(path);
  };
  if (const auto* batch = std::get_if<wire::Batch>(&entry->body)) {
    for (const wire::TicketRun& run : batch->runs) {
      for (const model::WriteRequest& request : run.requests) {
        std::visit(TouchVisitor{*store_, set}, request.operation);
        if (std::holds_alternative<model::CloseSessionRequest>(request.operation)) {
          touch_close(request.session);
        }
      }
    }
  } else if (const auto* expire = std::get_if<wire::ExpireSessions>(&entry->body)) {
    for (const auto& one : expire->sessions) touch_close(one.session);
  } else if (const auto* preload = std::get_if<wire::Preload>(&entry->body)) {
    set.nodes = preload->paths;
    for (const std::string& path : preload->paths) tree::TouchQuota(path, *store_, &set);
  } else if (const auto* gone = std::get_if<wire::DeleteContainers>(&entry->body)) {
    for (const auto& one : gone->containers) touch_removed(one.path);
  }
  return set;
}

}  // namespace rookery::machine
