// What a connection watches, and what it is told of itself: reads that mean the connection over
// which they came, or its session.
#include <utility>

#include "absl/strings/match.h"
#include "coordinator/base/check.h"
#include "coordinator/base/plant.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {
namespace {

using model::ErrorCode;

watch::WatchKind KindOf(model::WatchMode mode) {
  return mode == model::WatchMode::kPersistentRecursive ? watch::WatchKind::kPersistentRecursive
                                                        : watch::WatchKind::kPersistent;
}

// A digest login's id is "user:hash"; its hash is nobody's business.
model::WhoAmIReply WhoIs(const model::Credentials& credentials) {
  model::WhoAmIReply reply;
  for (model::Id identity : credentials.identities) {
    if (identity.scheme == "digest") identity.id = identity.id.substr(0, identity.id.find(':'));
    reply.identities.push_back(std::move(identity));
  }
  if (credentials.super) reply.identities.push_back({"super", ""});
  return reply;
}

// As Java's trim(): without blanks and control characters at both ends.
absl::string_view Trimmed(absl::string_view text) {
  constexpr char kLastTrimmed = ' ';
  const auto trims = [](char c) { return static_cast<unsigned char>(c) <= kLastTrimmed; };
  while (!text.empty() && trims(text.front())) text.remove_prefix(1);
  while (!text.empty() && trims(text.back())) text.remove_suffix(1);
  return text;
}

// A prefix that is "/" or nothing when trimmed means all; others count as they are.
model::EphemeralsReply WithPrefix(std::vector<std::string> paths, absl::string_view prefix) {
  const absl::string_view trimmed = Trimmed(prefix);
  if (!trimmed.empty() && trimmed != "/") {
    std::erase_if(paths, [&](const std::string& path) { return !absl::StartsWith(path, prefix); });
  }
  return {std::move(paths)};
}

}  // namespace

// False: nodes are missing in memory; nothing was done. REQUIRES: NeedsConnection(operation).
bool ServerService::AnswerOfConnection(Connection& connection,
                                       const model::ReadOperation& operation,
                                       const model::Credentials& credentials, model::Reply* reply) {
  const auto found = [](bool yes) { return yes ? ErrorCode::kOk : ErrorCode::kNoWatcher; };
  if (const auto* watches = std::get_if<model::SetWatchesRequest>(&operation)) {
    return CatchUpWatches(connection, *watches);
  }
  if (const auto* add = std::get_if<model::AddWatchRequest>(&operation)) {
    watches_.Add(connection.id, add->path, KindOf(add->mode));
    reply->body = model::AddWatchReply{};
  } else if (const auto* check = std::get_if<model::CheckWatchesRequest>(&operation)) {
    reply->error = found(watches_.Has(connection.id, check->path, check->type));
  } else if (const auto* remove = std::get_if<model::RemoveWatchesRequest>(&operation)) {
    reply->error = found(watches_.Remove(connection.id, remove->path, remove->type));
  } else if (const auto* ephemerals = std::get_if<model::GetEphemeralsRequest>(&operation)) {
    reply->body = WithPrefix(machine_->EphemeralsOf(connection.session), ephemerals->prefix);
  } else if (std::holds_alternative<model::WhoAmIRequest>(operation)) {
    reply->body = WhoIs(credentials);
  } else {
    ROOKERY_CHECK(false) << "a read that a connection cannot answer";
  }
  return true;
}

void ServerService::RegisterWatch(const Connection& connection,
                                  const model::ReadOperation& operation, ErrorCode error) {
  const bool found = error == ErrorCode::kOk;
  if (const auto* data = std::get_if<model::GetDataRequest>(&operation)) {
    if (data->watch && found) watches_.Add(connection.id, data->path, watch::WatchKind::kData);
  } else if (const auto* exists = std::get_if<model::ExistsRequest>(&operation)) {
    if (exists->watch && (found || error == ErrorCode::kNoNode)) {
      watches_.Add(connection.id, exists->path, watch::WatchKind::kData);
    }
  } else if (const auto* children = std::get_if<model::GetChildrenRequest>(&operation)) {
    if (children->watch && found) {
      watches_.Add(connection.id, children->path, watch::WatchKind::kChild);
    }
  }
}

// zookeeper-protocol 3.4. False: nodes are missing in memory; nothing was done.
bool ServerService::CatchUpWatches(Connection& connection,
                                   const model::SetWatchesRequest& request) {
  store::LoadSet missing;
  for (const auto* paths : {&request.data, &request.exist, &request.child}) {
    for (const std::string& path : *paths) {
      if (store_->Find(path).presence == store::Presence::kUnknown) missing.nodes.push_back(path);
    }
  }
  if (!missing.empty()) {
    LoadForRead(connection, missing);
    return false;
  }
  using model::EventType;
  std::vector<model::Event> events;
  const auto watch = [&](const std::string& path, watch::WatchKind kind) {
    watches_.Add(connection.id, path, kind);
  };
  for (const std::string& path : request.data) {
    const store::Node* node = store_->Find(path).node;
    if (node == nullptr) {
      events.push_back({EventType::kNodeDeleted, path});
    } else if (node->mzxid > request.relative_zxid && !ROOKERY_PLANTED(kSkippedWatch)) {
      events.push_back({EventType::kNodeDataChanged, path});
    } else {
      watch(path, watch::WatchKind::kData);
    }
  }
  for (const std::string& path : request.exist) {
    if (store_->Find(path).node != nullptr) {
      events.push_back({EventType::kNodeCreated, path});
    } else {
      watch(path, watch::WatchKind::kData);
    }
  }
  for (const std::string& path : request.child) {
    const store::Node* node = store_->Find(path).node;
    if (node == nullptr) {
      events.push_back({EventType::kNodeDeleted, path});
    } else if (node->pzxid > request.relative_zxid) {
      events.push_back({EventType::kNodeChildrenChanged, path});
    } else {
      watch(path, watch::WatchKind::kChild);
    }
  }
  if (!ROOKERY_PLANTED(kStayingForgotten)) {
    for (const std::string& path : request.persistent) watch(path, watch::WatchKind::kPersistent);
    for (const std::string& path : request.persistent_recursive) {
      watch(path, watch::WatchKind::kPersistentRecursive);
    }
  }
  for (const model::Event& event : events) {
    if (connection.gone) break;
    connection.client->OnEvent(event);
  }
  return true;
}

}  // namespace rookery::service
