// What doors ask: connections, sessions and requests, on their way to the log or to the state.
#include <algorithm>
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/plant.h"
#include "coordinator/service/request_bytes.h"
#include "coordinator/service/server_service.h"

namespace rookery::service {
namespace {

constexpr size_t kPasswordBytes = 16;

// What a write without a session may not be.
bool NeedsSession(const model::CreateRequest& request) {
  return request.flags == model::kEphemeral || request.flags == model::kEphemeralSequential;
}

bool NeedsSession(const model::WriteOperation& operation) {
  if (const auto* create = std::get_if<model::CreateRequest>(&operation)) {
    return NeedsSession(*create);
  }
  if (const auto* multi = std::get_if<model::MultiRequest>(&operation)) {
    for (const model::MultiRequest::Part& part : multi->parts) {
      const auto* create = std::get_if<model::CreateRequest>(&part);
      if (create != nullptr && NeedsSession(*create)) return true;
    }
    return false;
  }
  return std::holds_alternative<model::OpenSessionRequest>(operation) ||
         std::holds_alternative<model::AttachSessionRequest>(operation) ||
         std::holds_alternative<model::CloseSessionRequest>(operation);
}

// Calls without a session cannot be held back by not reading them.
absl::Status TooMuchWaits() {
  return absl::ResourceExhaustedError(
      "too many requests wait for an answer at this server: try again soon");
}

}  // namespace

bool ServerService::Serving() const {
  return standing_ != nullptr && standing_->serving() && !stopping_ && !failed_ && !installing_;
}

Connection* ServerService::Find(ConnectionId id) const {
  const auto at = connections_.find(id);
  return at == connections_.end() ? nullptr : at->second.get();
}

Connection& ServerService::NewConnection(Client* client, ConnectionFacts facts) {
  ROOKERY_CHECK(Serving()) << "a connection while this server serves nobody";
  auto connection = std::make_unique<Connection>();
  connection->id = ++last_connection_;
  connection->client = client;
  connection->peer = std::move(facts.peer);
  connection->credentials =
      std::make_shared<const model::Credentials>(std::move(facts.credentials));
  connection->owner = {options_.self, standing_->incarnation(), connection->id};
  connection->heard_us = clock_->NowUs();
  return *(connections_[last_connection_] = std::move(connection));
}

ConnectionId ServerService::Connect(Client* client, ConnectionFacts facts) {
  return NewConnection(client, std::move(facts)).id;
}

void ServerService::Disconnect(ConnectionId connection) { Bury(connection); }

void ServerService::ClientEnded(ConnectionId id) {
  const Connection* connection = Find(id);
  if (connection != nullptr && connection->state == Connection::State::kOpen && !stopping_) {
    const machine::SessionView* session = machine_->FindSession(connection->session);
    if (session != nullptr && session->owner == connection->owner) {
      const int64_t untold_us = clock_->NowUs() - connection->told_us;
      const bool lately_told = untold_us <= int64_t{connection->timeout_ms} * 1000 / 2;
      // A try that its client has given up may be let in late, while it is connected elsewhere.
      const bool knows_it_is_here = connection->heard_us > connection->attached_us;
      ended_clients_.OnEnded(session->id, session->attach_count, lately_told && knows_it_is_here,
                             by_session_.size());
    }
  }
  Bury(id);
}

void ServerService::AttachRefused(model::SessionId id) {
  const machine::SessionView* session = machine_->FindSession(id);
  if (session == nullptr) return;
  ended_clients_.OnAttempted(id, session->attach_count, session->timeout_ms);
}

void ServerService::SetCredentials(ConnectionId id, model::Credentials credentials) {
  if (Connection* connection = Find(id)) {
    connection->credentials = std::make_shared<const model::Credentials>(std::move(credentials));
  }
}

void ServerService::Touch(ConnectionId id) {
  if (Connection* connection = Find(id)) connection->heard_us = clock_->NowUs();
}

size_t ServerService::PendingBytes(ConnectionId id) const {
  const Connection* connection = Find(id);
  return connection == nullptr ? 0 : connection->lane.bytes();
}

bool ServerService::Congested() const {
  if (proposer_ == nullptr) return false;
  // Unanswered writes without a session are in the outbox alone.
  return std::max(lane_bytes_, proposer_->outbox().bytes()) > limits::kServerPendingBytesMax ||
         std::max(lane_requests_, proposer_->outbox().size()) + once_reads_.size() +
                 together_reads_.size() >
             limits::kServerPendingRequestsMax;
}

void ServerService::OpenSession(ConnectionId id, int32_t timeout_ms) {
  Connection* connection = Find(id);
  if (connection == nullptr || connection->state != Connection::State::kFresh) return;
  ProposeSession(*connection, 0,
                 model::OpenSessionRequest{timeout_ms, options_.secrets->Draw(kPasswordBytes)});
}

void ServerService::AttachSession(ConnectionId id, model::SessionId session, std::string password,
                                  int32_t timeout_ms, model::Zxid last_zxid_seen) {
  Connection* connection = Find(id);
  if (connection == nullptr || connection->state != Connection::State::kFresh) return;
  connection->last_zxid_seen = last_zxid_seen;
  AttachRefused(session);  // unless the log grants it
  ProposeSession(*connection, session,
                 model::AttachSessionRequest{timeout_ms, std::move(password)});
}

void ServerService::ProposeSession(Connection& connection, model::SessionId session,
                                   model::WriteOperation operation) {
  connection.state = Connection::State::kOpening;
  Propose({.session = session,
           .owner = connection.owner,
           .credentials = *connection.credentials,
           .operation = std::move(operation)},
          {.kind = Waiter::Kind::kSession, .connection = connection.id});
}

void ServerService::Propose(const model::WriteRequest& request, Waiter waiter) {
  waiter.submitted_us = clock_->NowUs();
  waiter.ticket = proposer_->Add(wire::EncodeWriteRequest(request));
  waiting_.push_back(std::move(waiter));
}

void ServerService::Write(ConnectionId id, uint64_t tag, model::WriteOperation operation) {
  Connection* connection = Find(id);
  if (connection == nullptr || connection->state != Connection::State::kOpen) return;
  if (stopping_) return;  // its farewell is near
  const bool closes = std::holds_alternative<model::CloseSessionRequest>(operation);
  const size_t bytes = BytesOf(operation);
  if (closes) connection->state = Connection::State::kClosing;
  Submit(*connection, tag, {.bytes = bytes, .operation = std::move(operation)}, false);
}

void ServerService::Read(ConnectionId id, uint64_t tag, model::ReadOperation operation) {
  Connection* connection = Find(id);
  if (connection == nullptr || connection->state != Connection::State::kOpen) return;
  if (stopping_) return;  // its farewell is near
  const bool waits =
      std::holds_alternative<model::SyncRequest>(operation) && !ROOKERY_PLANTED(kStaleSync);
  const size_t bytes = BytesOf(operation);
  Submit(*connection, tag, {.bytes = bytes, .operation = std::move(operation)}, waits);
}

void ServerService::Submit(Connection& connection, uint64_t tag, session::LaneRequest request,
                           bool waits) {
  request.tag = tag;
  request.submitted_us = connection.heard_us = clock_->NowUs();
  request.credentials = connection.credentials;
  lane_bytes_ += request.bytes;
  ++lane_requests_;
  const auto* read = std::get_if<model::ReadOperation>(&request.operation);
  if (read != nullptr && !connection.lane.empty()) request.kept = LoadReadAhead(*read);
  const uint64_t number = connection.lane.Push(std::move(request), waits);
  if (waits) {
    barriers_->Wait([this, id = connection.id, number] {
      Connection* waiting = Find(id);
      if (waiting != nullptr && waiting->lane.Release(number)) RunLane(*waiting);
    });
  }
  RunLane(connection);
}

void ServerService::HandOver(Connection& connection, session::LaneRequest& write) {
  Propose({.session = connection.session,
           .owner = connection.owner,
           .credentials = *write.credentials,
           .operation = std::move(std::get<model::WriteOperation>(write.operation))},
          {.kind = Waiter::Kind::kRequest, .connection = connection.id});
}

void ServerService::WriteOnce(model::Credentials credentials, model::WriteOperation operation,
                              OnReply done) {
  ROOKERY_CHECK(Serving()) << "a write while this server serves nobody";
  if (Congested()) return done(TooMuchWaits());
  if (NeedsSession(operation)) {
    done(model::Reply{.error = model::ErrorCode::kBadArguments, .zxid = machine_->last_zxid()});
    return;
  }
  Propose({.owner = {options_.self, standing_->incarnation(), 0},
           .credentials = std::move(credentials),
           .operation = std::move(operation)},
          {.kind = Waiter::Kind::kOnce, .once = std::move(done)});
}

void ServerService::ReadOnce(model::Credentials credentials, model::ReadOperation operation,
                             bool linearizable, OnReply done) {
  ROOKERY_CHECK(Serving()) << "a read while this server serves nobody";
  if (Congested()) return done(TooMuchWaits());
  if (model::NeedsConnection(operation)) {
    done(model::Reply{.error = model::ErrorCode::kBadArguments, .zxid = machine_->last_zxid()});
    return;
  }
  const bool barrier = linearizable || std::holds_alternative<model::SyncRequest>(operation);
  const uint64_t id = ++last_once_;
  once_reads_[id] = {
      .credentials = std::make_shared<const model::Credentials>(std::move(credentials)),
      .operation = std::move(operation),
      .submitted_us = clock_->NowUs(),
      .done = std::move(done)};
  if (barrier && !ROOKERY_PLANTED(kStaleSync)) {
    barriers_->Wait([this, id] { RunOnceRead(id); });
  } else {
    RunOnceRead(id);
  }
}

ConnectionId ServerService::Follow(Client* client, ConnectionFacts facts,
                                   std::vector<std::string> paths,
                                   absl::AnyInvocable<void(model::Zxid)> armed) {
  Connection& connection = NewConnection(client, std::move(facts));
  connection.state = Connection::State::kFollowing;
  for (const std::string& path : paths) {
    watches_.Add(connection.id, path, watch::WatchKind::kPersistent);
  }
  const ConnectionId id = connection.id;
  armed(machine_->last_zxid());
  return id;
}

void ServerService::OpenView(absl::AnyInvocable<void(absl::StatusOr<FrozenTree>)> done) {
  if (installing_ || failed_ || keeper_ == nullptr) {
    done(absl::UnavailableError("this server has no state to show: try another server"));
    return;
  }
  keeper_->OpenView(std::move(done));
  PostApply();
}

void ServerService::BackUp(OnBackup done) {
  if (installing_ || failed_ || keeper_ == nullptr) {
    return done(absl::UnavailableError("this server has no state to give: try another server"));
  }
  keeper_->BackUp(std::move(done));
  PostApply();
}

}  // namespace rookery::service
