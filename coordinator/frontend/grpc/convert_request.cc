#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/grpc/convert.h"

namespace rookery::frontend {
namespace {

template <typename Message>
model::Data TakeData(Message* message) {
  if (!message->has_data() || !message->data().has_value()) return std::nullopt;
  return std::move(*message->mutable_data()->mutable_value());
}

template <typename Message>
int32_t VersionOf(const Message& message) {
  return message.has_version() ? message.version() : -1;
}

std::optional<model::Acl> AclOf(const google::protobuf::RepeatedPtrField<v1::AclEntry>& entries) {
  model::Acl acl;
  acl.reserve(entries.size());
  for (const v1::AclEntry& entry : entries) {
    acl.push_back({entry.permissions(), {entry.scheme(), entry.id()}});
  }
  return acl;
}

// No create has these flags.
constexpr int32_t kUnknownMode = -1;

int32_t FlagsOf(v1::CreateMode mode) {
  switch (mode) {
    case v1::CREATE_MODE_EPHEMERAL:
      return model::kEphemeral;
    case v1::CREATE_MODE_PERSISTENT_SEQUENTIAL:
      return model::kPersistentSequential;
    case v1::CREATE_MODE_EPHEMERAL_SEQUENTIAL:
      return model::kEphemeralSequential;
    case v1::CREATE_MODE_CONTAINER:
      return model::kContainer;
    case v1::CREATE_MODE_UNSPECIFIED:
    case v1::CREATE_MODE_PERSISTENT:
      return model::kPersistent;
    default:
      return kUnknownMode;  // BadArguments at Apply
  }
}

model::CreateRequest ToCreate(v1::Create message) {
  model::CreateRequest request;
  request.data = TakeData(&message);
  request.path = std::move(*message.mutable_path());
  request.acl = AclOf(message.acl());
  request.flags = FlagsOf(message.mode());
  request.want_stat = true;
  request.container = request.flags == model::kContainer;
  return request;
}

model::DeleteRequest ToDelete(v1::Delete message) {
  return {.path = std::move(*message.mutable_path()), .version = VersionOf(message)};
}

model::SetDataRequest ToSetData(v1::SetData message) {
  model::SetDataRequest request;
  request.data = TakeData(&message);
  request.path = std::move(*message.mutable_path());
  request.version = VersionOf(message);
  return request;
}

absl::StatusOr<model::MultiRequest::Part> ToPart(v1::Multi::Part part) {
  switch (part.operation_case()) {
    case v1::Multi::Part::kCreate:
      return ToCreate(std::move(*part.mutable_create()));
    case v1::Multi::Part::kDelete:
      return ToDelete(std::move(*part.mutable_delete_()));
    case v1::Multi::Part::kSetData:
      return ToSetData(std::move(*part.mutable_set_data()));
    case v1::Multi::Part::kCheck:
      return model::CheckRequest{.path = std::move(*part.mutable_check()->mutable_path()),
                                 .version = VersionOf(part.check())};
    case v1::Multi::Part::OPERATION_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "expected an operation in every part of a multi, found an empty part");
}

model::ReadOperation ToSetWatches(const v1::SetWatches& message) {
  return model::SetWatchesRequest{
      .relative_zxid = message.relative_zxid(),
      .data = {message.data_paths().begin(), message.data_paths().end()},
      .exist = {message.exist_paths().begin(), message.exist_paths().end()},
      .child = {message.child_paths().begin(), message.child_paths().end()},
      .persistent = {message.persistent_paths().begin(), message.persistent_paths().end()},
      .persistent_recursive = {message.recursive_paths().begin(), message.recursive_paths().end()}};
}

absl::StatusOr<AnyOperation> ToAddWatch(const v1::AddWatch& message) {
  model::AddWatchRequest request{.path = message.path()};
  switch (message.mode()) {
    case v1::WATCH_MODE_PERSISTENT:
      return model::ReadOperation(std::move(request));
    case v1::WATCH_MODE_PERSISTENT_RECURSIVE:
      request.mode = model::WatchMode::kPersistentRecursive;
      return model::ReadOperation(std::move(request));
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("expected a mode of the watch, found number ", int{message.mode()}));
  }
}

// CheckWatches and RemoveWatches.
template <typename Request, typename Message>
absl::StatusOr<AnyOperation> ToPathAndType(const Message& message) {
  if (message.type() == v1::WATCHER_TYPE_UNSPECIFIED || !v1::WatcherType_IsValid(message.type())) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a type of watcher, found number ", int{message.type()}));
  }
  return model::ReadOperation(
      Request{.path = message.path(), .type = static_cast<model::WatcherType>(message.type())});
}

}  // namespace

model::WriteOperation FromProto(v1::Create create) { return ToCreate(std::move(create)); }

model::WriteOperation FromProto(v1::Delete request) { return ToDelete(std::move(request)); }

model::WriteOperation FromProto(v1::SetData request) { return ToSetData(std::move(request)); }

model::WriteOperation FromProto(v1::SetAcl request) {
  return model::SetAclRequest{.path = std::move(*request.mutable_path()),
                              .acl = AclOf(request.acl()),
                              .version = VersionOf(request)};
}

absl::StatusOr<model::WriteOperation> FromProto(v1::Multi multi) {
  model::MultiRequest request;
  request.parts.reserve(multi.parts_size());
  for (v1::Multi::Part& part : *multi.mutable_parts()) {
    ROOKERY_ASSIGN_OR_RETURN(model::MultiRequest::Part converted, ToPart(std::move(part)));
    request.parts.push_back(std::move(converted));
  }
  return request;
}

absl::StatusOr<AnyOperation> FromProto(const v1::Operation& operation) {
  switch (operation.kind_case()) {
    case v1::Operation::kCreate:
      return FromProto(operation.create());
    case v1::Operation::kDelete:
      return FromProto(operation.delete_());
    case v1::Operation::kSetData:
      return FromProto(operation.set_data());
    case v1::Operation::kSetAcl:
      return FromProto(operation.set_acl());
    case v1::Operation::kMulti: {
      ROOKERY_ASSIGN_OR_RETURN(model::WriteOperation multi, FromProto(operation.multi()));
      return multi;
    }
    case v1::Operation::kCloseSession:
      return model::WriteOperation(model::CloseSessionRequest{});
    case v1::Operation::kExists:
      return model::ReadOperation(
          model::ExistsRequest{operation.exists().path(), operation.exists().watch()});
    case v1::Operation::kGetData:
      return model::ReadOperation(
          model::GetDataRequest{operation.get_data().path(), operation.get_data().watch()});
    case v1::Operation::kGetChildren:
      return model::ReadOperation(model::GetChildrenRequest{
          operation.get_children().path(), operation.get_children().watch(), true});
    case v1::Operation::kGetAcl:
      return model::ReadOperation(model::GetAclRequest{operation.get_acl().path()});
    case v1::Operation::kSync:
      return model::ReadOperation(model::SyncRequest{operation.sync().path()});
    case v1::Operation::kSetWatches:
      return ToSetWatches(operation.set_watches());
    case v1::Operation::kAddWatch:
      return ToAddWatch(operation.add_watch());
    case v1::Operation::kCheckWatches:
      return ToPathAndType<model::CheckWatchesRequest>(operation.check_watches());
    case v1::Operation::kRemoveWatches:
      return ToPathAndType<model::RemoveWatchesRequest>(operation.remove_watches());
    case v1::Operation::kWhoAmI:
      return model::ReadOperation(model::WhoAmIRequest());
    case v1::Operation::kGetEphemerals:
      return model::ReadOperation(model::GetEphemeralsRequest{operation.get_ephemerals().prefix()});
    case v1::Operation::kAuthenticate:
      return AuthenticateRequest{operation.authenticate().credential().scheme(),
                                 operation.authenticate().credential().auth()};
    case v1::Operation::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("expected a kind of operation, found an empty operation");
}

}  // namespace rookery::frontend
