#include "coordinator/client/grpc/grpc_link.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::client {
namespace {

// A message holds whatever waits, up to so many bytes: far below every limit of a server, far above
// what a message costs by itself.
constexpr size_t kMessageBytesMax = 256 * 1024;

constexpr int kTagClassShift = 62;

absl::Status WhyEnded(v1::SessionEnd end) {
  switch (end) {
    case v1::SESSION_END_CLOSED:
      return absl::AbortedError("the session was closed");
    case v1::SESSION_END_EXPIRED:
      return absl::AbortedError("the session has expired");
    case v1::SESSION_END_MOVED:
      return absl::AbortedError("the session was taken up by another connection");
    default:
      return absl::UnavailableError("the server stops serving");
  }
}

}  // namespace

GrpcLink::GrpcLink(Executor* executor, SessionStreamFactory open, Address server,
                   LinkHandler* handler)
    : executor_(executor),
      open_stream_(std::move(open)),
      server_(std::move(server)),
      handler_(handler) {}

GrpcLink::~GrpcLink() {
  *alive_ = false;
  Close();
}

void GrpcLink::Open(const Hello& hello) {
  stream_ = open_stream_(server_, hello.connect_timeout_ms, this);
  v1::OpenSession* open = outbox_.emplace_back().mutable_open();
  open->set_timeout_ms(hello.timeout_ms);
  open->set_session_id(hello.session);
  open->set_password(hello.password);
  open->set_last_zxid_seen(hello.last_zxid_seen);
  for (const Credential& credential : hello.credentials) {
    v1::Credential* item = open->add_credentials();
    item->set_scheme(credential.scheme);
    item->set_auth(credential.auth);
  }
  hello_credentials_ = hello.credentials.size();
  Flush();
}

// --- up

uint64_t GrpcLink::NextTag(TagClass tag_class) {
  return static_cast<uint64_t>(tag_class) << kTagClassShift | ++last_tag_;
}

v1::SessionOperation* GrpcLink::Append(TagClass tag_class) {
  if (outbox_.empty() || last_bytes_ >= kMessageBytesMax) {
    outbox_.emplace_back();
    last_bytes_ = 0;
  }
  v1::SessionOperation* operation = outbox_.back().add_operations();
  operation->set_tag(NextTag(tag_class));
  return operation;
}

void GrpcLink::Appended(const v1::SessionOperation& operation) {
  last_bytes_ += operation.ByteSizeLong();
  FlushLater();
}

template <typename AnyOperation>
void GrpcLink::SendAny(const AnyOperation& operation) {
  v1::SessionOperation* item = Append(TagClass::kRequest);
  sent_.push_back({item->tag(), ToProto(operation, item->mutable_operation())});
  Appended(*item);
}

void GrpcLink::Send(const model::WriteOperation& operation) { SendAny(operation); }

void GrpcLink::Send(const model::ReadOperation& operation) { SendAny(operation); }

void GrpcLink::SendCredential(const Credential& credential) {
  v1::SessionOperation* item = Append(TagClass::kCredential);
  v1::Credential* out = item->mutable_operation()->mutable_authenticate()->mutable_credential();
  out->set_scheme(credential.scheme);
  out->set_auth(credential.auth);
  Appended(*item);
}

void GrpcLink::RestoreWatches(const model::SetWatchesRequest& watches) {
  v1::SessionOperation* item = Append(TagClass::kWatches);
  ToProto(model::ReadOperation(watches), item->mutable_operation());
  Appended(*item);
}

void GrpcLink::SendHeartbeat() {
  if (outbox_.empty()) {
    outbox_.emplace_back();
    last_bytes_ = 0;
  }
  outbox_.back().set_heartbeat(true);
  FlushLater();
}

void GrpcLink::FlushLater() {
  if (writing_ || std::exchange(flush_posted_, true)) return;
  executor_->Post([this, alive = alive_] {
    if (!*alive) return;
    flush_posted_ = false;
    Flush();
  });
}

void GrpcLink::Flush() {
  if (writing_ || !stream_ || outbox_.empty()) return;
  writing_ = true;
  v1::SessionRequest message = std::move(outbox_.front());
  outbox_.pop_front();
  stream_->Write(std::move(message));
}

void GrpcLink::OnWritten() {
  writing_ = false;
  Flush();
}

// --- down

void GrpcLink::OnMessage(v1::SessionResponse message) {
  if (!open_) {
    if (absl::Status status = OnOpened(&message); !status.ok()) return Fail(std::move(status));
  }
  // A handler call may close us.
  for (v1::SessionItem& item : *message.mutable_items()) {
    if (handler_ == nullptr) return;
    if (item.has_reply()) {
      absl::Status status = OnReply(std::move(*item.mutable_reply()));
      if (!status.ok()) return Fail(std::move(status));
    } else if (item.has_event()) {
      absl::StatusOr<model::Event> event = FromProto(std::move(*item.mutable_event()));
      if (!event.ok()) return Fail(event.status());
      handler_->OnEvent(*event);
    }
  }
  if (handler_ != nullptr && message.heartbeat()) handler_->OnHeard();
  if (handler_ != nullptr && message.end() != v1::SESSION_END_UNSPECIFIED) {
    Fail(WhyEnded(message.end()));
  }
}

absl::Status GrpcLink::OnOpened(v1::SessionResponse* message) {
  if (!message->has_opened()) {
    if (message->end() != v1::SESSION_END_UNSPECIFIED) return WhyEnded(message->end());
    return absl::InvalidArgumentError("expected 'opened' in the first message of a session");
  }
  open_ = true;
  LinkHandler::Opened opened;
  opened.session = message->opened().session_id();
  opened.password = message->opened().password();
  opened.timeout_ms = message->opened().timeout_ms();
  handler_->OnOpened(std::move(opened));
  // A server that opens has taken what the hello presented.
  for (; handler_ != nullptr && hello_credentials_ > 0; --hello_credentials_) {
    handler_->OnCredential(model::ErrorCode::kOk);
  }
  return absl::OkStatus();
}

absl::Status GrpcLink::OnReply(v1::SessionReply reply) {
  switch (static_cast<TagClass>(reply.tag() >> kTagClassShift)) {
    case TagClass::kCredential:
      handler_->OnCredential(FromProto(reply.result().error()));
      return absl::OkStatus();
    case TagClass::kWatches:
      handler_->OnHeard();
      return absl::OkStatus();
    default:
      break;
  }
  if (sent_.empty() || sent_.front().tag != reply.tag()) {
    return absl::InvalidArgumentError(absl::StrCat("expected the reply to request ",
                                                   sent_.empty() ? 0 : sent_.front().tag,
                                                   ", found that to ", reply.tag()));
  }
  const Sent sent = std::move(sent_.front());
  sent_.pop_front();
  ROOKERY_ASSIGN_OR_RETURN(model::Reply converted,
                           FromProto(std::move(*reply.mutable_result()), sent.asked));
  handler_->OnReply(std::move(converted));
  return absl::OkStatus();
}

// --- ends

void GrpcLink::OnEnded(absl::Status why) {
  // A refused hello: the stream ends with it and nothing else is said of the credential.
  if (!open_ && hello_credentials_ > 0 && absl::IsUnauthenticated(why)) {
    handler_->OnCredential(model::ErrorCode::kAuthFailed);
  }
  Fail(std::move(why));
}

void GrpcLink::Close() {
  handler_ = nullptr;
  outbox_.clear();
  stream_.reset();
}

void GrpcLink::Fail(absl::Status why) {
  LinkHandler* handler = handler_;
  Close();
  if (handler != nullptr) handler->OnClosed(std::move(why));
}

}  // namespace rookery::client
