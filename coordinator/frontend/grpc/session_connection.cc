#include "coordinator/frontend/grpc/session_connection.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/frontend/grpc/convert.h"

namespace rookery::frontend {

SessionConnection::SessionConnection(service::Service* service, Executor* core,
                                     GrpcSessionRules rules, std::string peer,
                                     const std::string& peer_host, SessionSink* sink)
    : service_(service),
      core_(core),
      rules_(std::move(rules)),
      peer_(std::move(peer)),
      peer_host_(peer_host),
      sink_(sink),
      credentials_(FreshCredentials(rules_.identity, peer_host)) {}

SessionConnection::~SessionConnection() {
  *alive_ = false;
  if (counted_) rules_.limits->Leave(peer_host_);
}

void SessionConnection::OnMessage(v1::SessionRequest message) {
  if (state_ == State::kEnded) return;
  if (state_ == State::kFresh) {
    if (!message.has_open()) {
      End(absl::InvalidArgumentError("expected 'open' in the first message of a session"));
      return;
    }
    Open(message.open());
    message.clear_open();
  } else if (message.has_open()) {
    End(absl::InvalidArgumentError("expected 'open' in the first message of a session only"));
    return;
  }
  if (state_ == State::kOpening) {
    early_.push_back(std::move(message));
    return;
  }
  if (absl::Status status = CheckSizes(message); !status.ok()) return End(std::move(status));
  for (const v1::SessionOperation& operation : message.operations()) {
    if (state_ != State::kOpen) return;
    Submit(operation);
  }
  if (message.heartbeat() && state_ == State::kOpen) {
    heartbeats_.push_back(true);
    service_->Read(connection_, 0, model::PingRequest{});
  }
}

// What one door takes the other one must be able to show.
absl::Status SessionConnection::CheckSizes(const v1::SessionRequest& message) const {
  if (message.ByteSizeLong() <= rules_.request_bytes_max) return absl::OkStatus();
  for (const v1::SessionOperation& operation : message.operations()) {
    const size_t bytes = operation.operation().ByteSizeLong();
    if (bytes <= rules_.request_bytes_max) continue;
    return absl::ResourceExhaustedError(absl::StrCat("request with tag ", operation.tag(), ": ",
                                                     bytes, " bytes, and jute.maxbuffer allows ",
                                                     rules_.request_bytes_max));
  }
  return absl::OkStatus();
}

absl::Status SessionConnection::MayOpen(const v1::OpenSession& open) {
  for (const v1::Credential& credential : open.credentials()) {
    ROOKERY_RETURN_IF_ERROR(
        AddCredential(rules_.identity, credential.scheme(), credential.auth(), &credentials_));
  }
  if (!service_->Serving()) {
    return absl::UnavailableError(
        "this server is not serving: it has no contact to a leader; "
        "try another server of the ensemble");
  }
  if (rules_.limits == nullptr) return absl::OkStatus();
  ROOKERY_RETURN_IF_ERROR(rules_.limits->Enter(peer_host_));
  counted_ = true;
  return absl::OkStatus();
}

void SessionConnection::Open(const v1::OpenSession& open) {
  if (absl::Status status = MayOpen(open); !status.ok()) {
    service_->AttachRefused(open.session_id());
    return End(std::move(status));
  }
  state_ = State::kOpening;
  connection_ = service_->Connect(this, {.peer = peer_, .credentials = credentials_});
  const int32_t timeout_ms =
      std::clamp(open.timeout_ms(), rules_.min_session_timeout_ms, rules_.max_session_timeout_ms);
  if (open.session_id() == 0) {
    service_->OpenSession(connection_, timeout_ms);
  } else {
    service_->AttachSession(connection_, open.session_id(), open.password(), timeout_ms,
                            open.last_zxid_seen());
  }
}

void SessionConnection::Submit(const v1::SessionOperation& operation) {
  absl::StatusOr<AnyOperation> converted = FromProto(operation.operation());
  if (!converted.ok()) {
    End(absl::InvalidArgumentError(
        absl::StrCat("request with tag ", operation.tag(), ": ", converted.status().message())));
    return;
  }
  if (auto* auth = std::get_if<AuthenticateRequest>(&*converted)) {
    Authenticate(operation.tag(), auth->scheme, auth->auth);
    return;
  }
  heartbeats_.push_back(false);
  if (auto* write = std::get_if<model::WriteOperation>(&*converted)) {
    service_->Write(connection_, operation.tag(), std::move(*write));
  } else {
    service_->Read(connection_, operation.tag(),
                   std::move(std::get<model::ReadOperation>(*converted)));
  }
}

// Takes effect at once for what is submitted from now on, and is answered at once, as over the
// ZooKeeper door: it may overtake earlier requests.
void SessionConnection::Authenticate(uint64_t tag, const std::string& scheme,
                                     const std::string& auth) {
  const absl::Status status = AddCredential(rules_.identity, scheme, auth, &credentials_);
  if (status.ok()) service_->SetCredentials(connection_, credentials_);
  v1::SessionReply* reply = Pending().add_items()->mutable_reply();
  reply->set_tag(tag);
  reply->mutable_result()->set_error(status.ok() ? v1::ERROR_CODE_OK : v1::ERROR_CODE_AUTH_FAILED);
  if (!status.ok()) End(status);
}

void SessionConnection::OnDisconnect(bool by_client) {
  const bool open = state_ == State::kOpening || state_ == State::kOpen;
  state_ = State::kEnded;
  if (!open) return;
  if (by_client) return service_->ClientEnded(connection_);
  service_->Disconnect(connection_);
}

bool SessionConnection::WantsMore() const {
  if (state_ == State::kEnded) return false;
  if (state_ == State::kOpening) return early_.size() < 4;
  // As over the ZooKeeper door: who waits for nothing may always ask.
  if (state_ != State::kOpen || heartbeats_.empty()) return true;
  return service_->PendingBytes(connection_) < rules_.pending_bytes_max && !service_->Congested();
}

void SessionConnection::OnSession(const model::Reply& reply) {
  v1::SessionOpened* opened = Pending().mutable_opened();
  const auto* session = std::get_if<model::SessionReply>(&reply.body);
  if (reply.error != model::ErrorCode::kOk || session == nullptr || session->session == 0) {
    Pending().set_end(v1::SESSION_END_EXPIRED);
    service_->Disconnect(connection_);
    End(absl::OkStatus());
    return;
  }
  opened->set_session_id(session->session);
  opened->set_password(session->password);
  opened->set_timeout_ms(session->timeout_ms);
  state_ = State::kOpen;
  for (v1::SessionRequest& message : std::exchange(early_, {})) OnMessage(std::move(message));
}

void SessionConnection::OnReply(uint64_t tag, model::Reply reply) {
  const bool heartbeat = !heartbeats_.empty() && heartbeats_.front();
  if (!heartbeats_.empty()) heartbeats_.pop_front();
  if (heartbeat) {
    Pending().set_heartbeat(true);
    return;
  }
  v1::SessionReply* item = Pending().add_items()->mutable_reply();
  item->set_tag(tag);
  ToProto(std::move(reply), item->mutable_result());
}

void SessionConnection::OnEvent(const model::Event& event) {
  ToProto(event, Pending().add_items()->mutable_event());
}

void SessionConnection::OnFarewell(service::Farewell why) {
  v1::SessionEnd end = v1::SESSION_END_NOT_SERVING;
  switch (why) {
    case service::Farewell::kClosed:
      end = v1::SESSION_END_CLOSED;
      break;
    case service::Farewell::kExpired:
      end = v1::SESSION_END_EXPIRED;
      break;
    case service::Farewell::kMoved:
      end = v1::SESSION_END_MOVED;
      break;
    case service::Farewell::kNotServing:
      end = v1::SESSION_END_NOT_SERVING;
      break;
  }
  Pending().set_end(end);
  connection_ = 0;
  Flush();
  state_ = State::kEnded;
  sink_->Finish(absl::OkStatus());
}

void SessionConnection::End(absl::Status status) {
  Flush();
  if (state_ == State::kOpen || (state_ == State::kOpening && !status.ok())) {
    service_->Disconnect(connection_);
  }
  state_ = State::kEnded;
  sink_->Finish(std::move(status));
}

v1::SessionResponse& SessionConnection::Pending() {
  if (!flush_posted_) {
    flush_posted_ = true;
    core_->Post([this, alive = alive_] {
      if (*alive) Flush();
    });
  }
  return pending_;
}

void SessionConnection::Flush() {
  if (!flush_posted_) return;
  flush_posted_ = false;
  if (state_ != State::kEnded) sink_->Send(std::exchange(pending_, {}));
}

}  // namespace rookery::frontend
