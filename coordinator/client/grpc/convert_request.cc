#include "coordinator/base/check.h"
#include "coordinator/client/grpc/convert.h"

namespace rookery::client {
namespace {

using PartKind = model::MultiReply::Part::Kind;

void Put(const model::Data& data, v1::Data* out) {
  if (data.has_value()) out->set_value(*data);
}

template <typename Message>
void PutVersion(int32_t version, Message* out) {
  if (version != -1) out->set_version(version);
}

// An absent list and an empty one are refused alike.
template <typename Message>
void PutAcl(const std::optional<model::Acl>& acl, Message* out) {
  if (!acl.has_value()) return;
  for (const model::AclEntry& entry : *acl) {
    v1::AclEntry* item = out->add_acl();
    item->set_permissions(entry.permissions);
    item->set_scheme(entry.id.scheme);
    item->set_id(entry.id.id);
  }
}

void Put(const model::CreateRequest& request, v1::Create* out) {
  out->set_path(request.path);
  Put(request.data, out->mutable_data());
  PutAcl(request.acl, out);
  // The modes of rookery.v1 are the flags and one; an unknown flag is an unknown mode there.
  out->set_mode(request.container ? v1::CREATE_MODE_CONTAINER
                                  : static_cast<v1::CreateMode>(request.flags + 1));
}
void Put(const model::DeleteRequest& request, v1::Delete* out) {
  out->set_path(request.path);
  PutVersion(request.version, out);
}
void Put(const model::SetDataRequest& request, v1::SetData* out) {
  out->set_path(request.path);
  Put(request.data, out->mutable_data());
  PutVersion(request.version, out);
}
void Put(const model::SetAclRequest& request, v1::SetAcl* out) {
  out->set_path(request.path);
  PutAcl(request.acl, out);
  PutVersion(request.version, out);
}
void Put(const model::CheckRequest& request, v1::Check* out) {
  out->set_path(request.path);
  PutVersion(request.version, out);
}

struct PutPart {
  v1::Multi::Part* out;
  PartKind operator()(const model::CreateRequest& request) const {
    Put(request, out->mutable_create());
    return PartKind::kCreate;
  }
  PartKind operator()(const model::DeleteRequest& request) const {
    Put(request, out->mutable_delete_());
    return PartKind::kDelete;
  }
  PartKind operator()(const model::SetDataRequest& request) const {
    Put(request, out->mutable_set_data());
    return PartKind::kSetData;
  }
  PartKind operator()(const model::CheckRequest& request) const {
    Put(request, out->mutable_check());
    return PartKind::kCheck;
  }
};

struct PutOperation {
  v1::Operation* out;
  Asked* asked;

  void operator()(const model::CreateRequest& request) const {
    asked->want_stat = request.want_stat || request.container;
    Put(request, out->mutable_create());
  }
  void operator()(const model::DeleteRequest& request) const {
    Put(request, out->mutable_delete_());
  }
  void operator()(const model::SetDataRequest& request) const {
    Put(request, out->mutable_set_data());
  }
  void operator()(const model::SetAclRequest& request) const {
    Put(request, out->mutable_set_acl());
  }
  void operator()(const model::MultiRequest& request) const {
    v1::Multi* multi = out->mutable_multi();
    for (const auto& part : request.parts) {
      const auto* create = std::get_if<model::CreateRequest>(&part);
      asked->parts.push_back({std::visit(PutPart{multi->add_parts()}, part),
                              create != nullptr && (create->want_stat || create->container)});
    }
  }
  void operator()(const model::CloseSessionRequest&) const { out->mutable_close_session(); }
  void operator()(const model::ExistsRequest& request) const {
    out->mutable_exists()->set_path(request.path);
    out->mutable_exists()->set_watch(request.watch);
  }
  void operator()(const model::GetDataRequest& request) const {
    out->mutable_get_data()->set_path(request.path);
    out->mutable_get_data()->set_watch(request.watch);
  }
  void operator()(const model::GetChildrenRequest& request) const {
    asked->want_stat = request.want_stat;
    out->mutable_get_children()->set_path(request.path);
    out->mutable_get_children()->set_watch(request.watch);
  }
  void operator()(const model::GetAclRequest& request) const {
    out->mutable_get_acl()->set_path(request.path);
  }
  void operator()(const model::SyncRequest& request) const {
    out->mutable_sync()->set_path(request.path);
  }
  void operator()(const model::SetWatchesRequest& request) const {
    v1::SetWatches* watches = out->mutable_set_watches();
    watches->set_relative_zxid(request.relative_zxid);
    for (const std::string& path : request.data) watches->add_data_paths(path);
    for (const std::string& path : request.exist) watches->add_exist_paths(path);
    for (const std::string& path : request.child) watches->add_child_paths(path);
    for (const std::string& path : request.persistent) watches->add_persistent_paths(path);
    for (const std::string& path : request.persistent_recursive) watches->add_recursive_paths(path);
  }
  void operator()(const model::AddWatchRequest& request) const {
    out->mutable_add_watch()->set_path(request.path);
    out->mutable_add_watch()->set_mode(request.mode == model::WatchMode::kPersistentRecursive
                                           ? v1::WATCH_MODE_PERSISTENT_RECURSIVE
                                           : v1::WATCH_MODE_PERSISTENT);
  }
  void operator()(const model::CheckWatchesRequest& request) const {
    out->mutable_check_watches()->set_path(request.path);
    out->mutable_check_watches()->set_type(static_cast<v1::WatcherType>(request.type));
  }
  void operator()(const model::RemoveWatchesRequest& request) const {
    out->mutable_remove_watches()->set_path(request.path);
    out->mutable_remove_watches()->set_type(static_cast<v1::WatcherType>(request.type));
  }
  void operator()(const model::WhoAmIRequest&) const { out->mutable_who_am_i(); }
  void operator()(const model::GetEphemeralsRequest& request) const {
    out->mutable_get_ephemerals()->set_prefix(request.prefix);
  }
  // The stream's own messages say these.
  void operator()(const model::OpenSessionRequest&) const { Refuse(); }
  void operator()(const model::AttachSessionRequest&) const { Refuse(); }
  void operator()(const model::PingRequest&) const { Refuse(); }

  static void Refuse() { ROOKERY_CHECK(false) << "a session's own message is no operation of it"; }
};

template <typename AnyOperation>
Asked Convert(const AnyOperation& operation, v1::Operation* out) {
  Asked asked;
  std::visit(PutOperation{out, &asked}, operation);
  asked.kind = out->kind_case();
  return asked;
}

}  // namespace

Asked ToProto(const model::WriteOperation& operation, v1::Operation* out) {
  return Convert(operation, out);
}

Asked ToProto(const model::ReadOperation& operation, v1::Operation* out) {
  return Convert(operation, out);
}

}  // namespace rookery::client
