// Lanes and reads: who may run now, and what a read waits for.
#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {

void ServerService::RunLane(Connection& connection) {
  if (connection.running || connection.loading) return;
  connection.running = true;
  while (!connection.gone) {
    if (session::LaneRequest* read = connection.lane.ReadyRead()) {
      if (!RunRead(connection, *read)) break;
    } else if (session::LaneRequest* write = connection.lane.NextWrite()) {
      HandOver(connection, *write);
    } else {
      break;
    }
  }
  connection.running = false;
}

// False: it cannot be answered now.
bool ServerService::RunRead(Connection& connection, session::LaneRequest& read) {
  const auto& operation = std::get<model::ReadOperation>(read.operation);
  model::Reply reply;
  if (std::holds_alternative<model::PingRequest>(operation)) {
    if (!MayAnswerPing(connection)) {
      held_pings_.insert(connection.id);
      return false;
    }
    reply.zxid = machine_->last_zxid();
  } else if (model::NeedsConnection(operation)) {
    if (!AnswerOfConnection(connection, operation, *read.credentials, &reply)) return false;
    if (connection.gone) return false;
    reply.zxid = machine_->last_zxid();
  } else {
    if (!machine_->Read(operation, *read.credentials, &reply)) {
      LoadForRead(connection, machine_->Missing());
      return false;
    }
    RegisterWatch(connection, operation, reply.error);
  }
  counters_.reads.Add(clock_->NowUs() - read.submitted_us);
  connection.pin = nullptr;
  ReplyTo(connection, std::move(reply));
  return true;
}

void ServerService::ReplyTo(Connection& connection, model::Reply reply) {
  // The request in turn is the oldest: a read that is ready, or the write whose answer came.
  session::LaneRequest* request = connection.lane.ReadyRead();
  if (request == nullptr) request = connection.lane.WriteInTurn();
  ROOKERY_CHECK(request != nullptr) << "an answer for a request that is not in turn";
  const uint64_t tag = request->tag;
  lane_bytes_ -= request->bytes;
  --lane_requests_;
  connection.lane.PopFront();
  connection.told_us = clock_->NowUs();
  connection.client->OnReply(tag, std::move(reply));
}

// A ping that is answered promises the client that its session lives on, so the leader must have
// heard of it lately. In the turn of an own write it has.
bool ServerService::MayAnswerPing(const Connection& connection) const {
  if (turn_ == connection.id) return true;
  const int64_t known_us = std::max(connection.attached_us, contact_.last_contact_us());
  return clock_->NowUs() - known_us <= int64_t{connection.timeout_ms} * 1000 * 2 / 3;
}

void ServerService::ReleaseHeldPings() {
  for (const ConnectionId id : std::exchange(held_pings_, {})) {
    if (Connection* connection = Find(id)) RunLane(*connection);
  }
}

void ServerService::LoadForRead(Connection& connection, const store::LoadSet& missing) {
  ++counters_.read_misses;
  connection.loading = true;
  const ConnectionId id = connection.id;
  // What an earlier try brought in stays until this one has it as well.
  std::unique_ptr<store::Pin> before = std::move(connection.pin);
  auto pin = store_->Load(missing, [this, alive = alive_, id](absl::Status status) {
    if (!*alive) return;
    if (!status.ok()) return Fail(std::move(status));
    Connection* connection = Find(id);
    if (connection != nullptr) {
      connection->loading = false;
      RunLane(*connection);
    }
    if (turn_ == id) PostApply();
  });
  connection.pin = std::move(pin);
}

// A read that waits for its turn brings its node in meanwhile: if it missed in its turn,
// everybody's next write would wait with it. Null: nothing is to be done, or enough is under way.
std::shared_ptr<void> ServerService::LoadReadAhead(const model::ReadOperation& operation) {
  if (reads_loaded_ahead_ >= limits::kReadsLoadedAheadMax) return nullptr;
  store::LoadSet set;
  const auto node = [&](const std::string& path) {
    const store::Found found = store_->Find(path);
    if (found.presence == store::Presence::kUnknown) set.nodes.push_back(path);
    return found;
  };
  if (const auto* exists = std::get_if<model::ExistsRequest>(&operation)) {
    node(exists->path);
  } else if (const auto* data = std::get_if<model::GetDataRequest>(&operation)) {
    node(data->path);
  } else if (const auto* acl = std::get_if<model::GetAclRequest>(&operation)) {
    node(acl->path);
  } else if (const auto* children = std::get_if<model::GetChildrenRequest>(&operation)) {
    const store::Found parent = node(children->path);
    const bool leaf = parent.node != nullptr && parent.node->num_children == 0;
    if (parent.presence != store::Presence::kAbsent && !leaf) {
      set.child_lists.push_back(children->path);
    }
  }
  if (set.empty()) return nullptr;
  struct Ahead {
    ~Ahead() { --*count; }
    size_t* count;
    std::unique_ptr<store::Pin> pin;
  };
  auto ahead = std::make_shared<Ahead>(&reads_loaded_ahead_);
  ++reads_loaded_ahead_;
  ahead->pin = store_->Load(std::move(set), [this, alive = alive_](absl::Status status) {
    if (*alive && !status.ok()) Fail(std::move(status));
  });
  return ahead;
}

void ServerService::RunOnceRead(uint64_t id) {
  const auto at = once_reads_.find(id);
  if (at == once_reads_.end()) return;
  OnceRead& read = at->second;
  model::Reply reply;
  if (!machine_->Read(read.operation, *read.credentials, &reply)) {
    ++counters_.read_misses;
    read.pin = store_->Load(machine_->Missing(), [this, alive = alive_, id](absl::Status status) {
      if (!*alive) return;
      if (!status.ok()) return Fail(std::move(status));
      RunOnceRead(id);
    });
    return;
  }
  counters_.reads.Add(clock_->NowUs() - read.submitted_us);
  OnReply done = std::move(read.done);
  once_reads_.erase(at);
  done(std::move(reply));
}

}  // namespace rookery::service
