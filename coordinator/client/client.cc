#include "coordinator/client/client.h"

#include <utility>

namespace rookery::client {
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
    case WatchEvent::Kind::kReconnected:
      return "Reconnected";
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

void Client::Create(model::CreateRequest request, Done<model::CreateReply> done,
                    int32_t timeout_ms) {
  Submit(model::WriteOperation(std::move(request)), nullptr, std::move(done), timeout_ms);
}

void Client::Delete(model::DeleteRequest request, Done<model::EmptyReply> done,
                    int32_t timeout_ms) {
  Submit(model::WriteOperation(std::move(request)), nullptr, std::move(done), timeout_ms);
}

void Client::SetData(model::SetDataRequest request, Done<model::StatReply> done,
                     int32_t timeout_ms) {
  Submit(model::WriteOperation(std::move(request)), nullptr, std::move(done), timeout_ms);
}

void Client::SetAcl(model::SetAclRequest request, Done<model::StatReply> done, int32_t timeout_ms) {
  Submit(model::WriteOperation(std::move(request)), nullptr, std::move(done), timeout_ms);
}

void Client::Multi(model::MultiRequest request, Done<model::MultiReply> done, int32_t timeout_ms) {
  Submit(model::WriteOperation(std::move(request)), nullptr, std::move(done), timeout_ms);
}

void Client::Exists(std::string path, Watch watch, Done<model::StatReply> done,
                    int32_t timeout_ms) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::ExistsRequest{std::move(path), watched}), std::move(watch),
         std::move(done), timeout_ms);
}

void Client::GetData(std::string path, Watch watch, Done<model::DataReply> done,
                     int32_t timeout_ms) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::GetDataRequest{std::move(path), watched}), std::move(watch),
         std::move(done), timeout_ms);
}

void Client::GetChildren(std::string path, Watch watch, Done<model::ChildrenReply> done,
                         int32_t timeout_ms) {
  const bool watched = watch != nullptr;
  Submit(model::ReadOperation(model::GetChildrenRequest{std::move(path), watched, true}),
         std::move(watch), std::move(done), timeout_ms);
}

void Client::GetAcl(std::string path, Done<model::AclReply> done, int32_t timeout_ms) {
  Submit(model::ReadOperation(model::GetAclRequest{std::move(path)}), nullptr, std::move(done),
         timeout_ms);
}

void Client::AddWatch(std::string path, model::WatchMode mode, Watch watch,
                      Done<model::AddWatchReply> done, int32_t timeout_ms) {
  Submit(model::ReadOperation(model::AddWatchRequest{std::move(path), mode}), std::move(watch),
         std::move(done), timeout_ms);
}

void Client::RemoveWatch(std::string path, model::WatchMode mode, Done<model::EmptyReply> done,
                         int32_t timeout_ms) {
  Submit(model::ReadOperation(
             model::RemoveWatchesRequest{std::move(path), model::WatcherTypeOf(mode)}),
         nullptr, std::move(done), timeout_ms);
}

void Client::Sync(std::string path, Done<model::SyncReply> done, int32_t timeout_ms) {
  Submit(model::ReadOperation(model::SyncRequest{std::move(path)}), nullptr, std::move(done),
         timeout_ms);
}

}  // namespace rookery::client
