#include "coordinator/client/client.h"

#include <utility>

namespace rookery::client {
namespace {

using model::ErrorCode;

// Hands the body of a reply on as the type that its operation gives.
template <typename Value>
Done<model::ReplyBody> As(Done<Value> done) {
  return [done = std::move(done)](Result<model::ReplyBody> result) mutable {
    Result<Value> typed{result.error, result.maybe_applied, result.zxid, {}};
    if (Value* value = std::get_if<Value>(&result.value)) {
      typed.value = std::move(*value);
    } else if (typed.ok()) {
      typed.error = ErrorCode::kMarshallingError;
    }
    done(std::move(typed));
  };
}

// The error that made a multi fail, Ok if none did.
ErrorCode ErrorOf(const model::MultiReply& reply) {
  for (const model::MultiReply::Part& part : reply.parts) {
    if (part.error != ErrorCode::kOk && part.error != ErrorCode::kRuntimeInconsistency) {
      return part.error;
    }
  }
  return ErrorCode::kOk;
}

}  // namespace

absl::string_view StateName(SessionState state) {
  switch (state) {
    case SessionState::kNotConnected:
      return "NOT_CONNECTED";
    case SessionState::kConnecting:
      return "CONNECTING";
    case SessionState::kConnected:
      return "CONNECTED";
    case SessionState::kConnectedReadOnly:
      return "CONNECTED_READ_ONLY";
    case SessionState::kExpired:
      return "EXPIRED";
    case SessionState::kAuthFailed:
      return "AUTH_FAILED";
    case SessionState::kClosed:
      return "CLOSED";
  }
  return "";
}

bool IsFinal(SessionState state) {
  return state == SessionState::kExpired || state == SessionState::kAuthFailed ||
         state == SessionState::kClosed;
}

absl::string_view EventName(WatchEvent::Kind kind) {
  switch (kind) {
    case WatchEvent::Kind::kCreated:
      return "NodeCreated";
    case WatchEvent::Kind::kDeleted:
      return "NodeDeleted";
    case WatchEvent::Kind::kDataChanged:
      return "NodeDataChanged";
    case WatchEvent::Kind::kChildrenChanged:
      return "NodeChildrenChanged";
    case WatchEvent::Kind::kSessionLost:
      return "SessionLost";
  }
  return "";
}

WatchEvent::Kind KindOf(model::EventType type) {
  switch (type) {
    case model::EventType::kNodeCreated:
      return WatchEvent::Kind::kCreated;
    case model::EventType::kNodeDeleted:
      return WatchEvent::Kind::kDeleted;
    case model::EventType::kNodeDataChanged:
      return WatchEvent::Kind::kDataChanged;
    case model::EventType::kNodeChildrenChanged:
      return WatchEvent::Kind::kChildrenChanged;
  }
  return WatchEvent::Kind::kSessionLost;
}

void Client::Create(model::CreateRequest request, Done<model::CreateReply> done) {
  Submit(model::WriteOperation(std::move(request)), nullptr, As(std::move(done)));
}

void Client::Delete(model::DeleteRequest request, Done<model::EmptyReply> done) {
  Submit(model::WriteOperation(std::move(request)), nullptr, As(std::move(done)));
}

void Client::SetData(model::SetDataRequest request, Done<model::StatReply> done) {
  Submit(model::WriteOperation(std::move(request)), nullptr, As(std::move(done)));
}

void Client::SetAcl(model::SetAclRequest request, Done<model::StatReply> done) {
  Submit(model::WriteOperation(std::move(request)), nullptr, As(std::move(done)));
}

void Client::Multi(model::MultiRequest request, Done<model::MultiReply> done) {
  Submit(model::WriteOperation(std::move(request)), nullptr,
         As<model::MultiReply>([done = std::move(done)](Result<model::MultiReply> result) mutable {
           if (result.ok()) result.error = ErrorOf(result.value);
           done(std::move(result));
         }));
}

void Client::Exists(std::string path, Watch watch, Done<model::StatReply> done) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::ExistsRequest{std::move(path), watched}), std::move(watch),
         As(std::move(done)));
}

void Client::GetData(std::string path, Watch watch, Done<model::DataReply> done) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::GetDataRequest{std::move(path), watched}), std::move(watch),
         As(std::move(done)));
}

void Client::GetChildren(std::string path, Watch watch, Done<model::ChildrenReply> done) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::GetChildrenRequest{std::move(path), watched, true}),
         std::move(watch), As(std::move(done)));
}

void Client::GetAcl(std::string path, Done<model::AclReply> done) {
  Submit(model::ReadOperation(model::GetAclRequest{std::move(path)}), nullptr, As(std::move(done)));
}

void Client::Sync(std::string path, Done<model::SyncReply> done) {
  Submit(model::ReadOperation(model::SyncRequest{std::move(path)}), nullptr, As(std::move(done)));
}

}  // namespace rookery::client
