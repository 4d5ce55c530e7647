#include "coordinator/client/zookeeper/zookeeper_link.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::client {
namespace {

// Servers do not limit what they send; a list of a million children must get through.
constexpr size_t kReplyBytesMax = 256 * 1024 * 1024;
// So much does not wait for the end of a turn, if it is reads: in one that brings many replies,
// each of which leads to a request, the server would have nothing to do until the last of them.
// Writes gain more from travelling together: the server makes one entry of them, and syncs once.
constexpr size_t kFlushBytes = 512;

struct OpCodeOf {
  using OpCode = model::OpCode;
  OpCode operator()(const model::CreateRequest& request) const {
    if (request.container) return OpCode::kCreateContainer;
    return request.want_stat ? OpCode::kCreate2 : OpCode::kCreate;
  }
  OpCode operator()(const model::DeleteRequest&) const { return OpCode::kDelete; }
  OpCode operator()(const model::SetDataRequest&) const { return OpCode::kSetData; }
  OpCode operator()(const model::SetAclRequest&) const { return OpCode::kSetAcl; }
  OpCode operator()(const model::MultiRequest&) const { return OpCode::kMulti; }
  OpCode operator()(const model::CloseSessionRequest&) const { return OpCode::kCloseSession; }
  OpCode operator()(const model::ExistsRequest&) const { return OpCode::kExists; }
  OpCode operator()(const model::GetDataRequest&) const { return OpCode::kGetData; }
  OpCode operator()(const model::GetAclRequest&) const { return OpCode::kGetAcl; }
  OpCode operator()(const model::GetChildrenRequest& request) const {
    return request.want_stat ? OpCode::kGetChildren2 : OpCode::kGetChildren;
  }
  OpCode operator()(const model::SyncRequest&) const { return OpCode::kSync; }
  OpCode operator()(const model::PingRequest&) const { return OpCode::kPing; }
  OpCode operator()(const model::SetWatchesRequest&) const { return OpCode::kSetWatches; }
  OpCode operator()(const model::AddWatchRequest&) const { return OpCode::kAddWatch; }
  OpCode operator()(const model::CheckWatchesRequest&) const { return OpCode::kCheckWatches; }
  OpCode operator()(const model::RemoveWatchesRequest&) const { return OpCode::kRemoveWatches; }
  OpCode operator()(const model::WhoAmIRequest&) const { return OpCode::kWhoAmI; }
  OpCode operator()(const model::GetEphemeralsRequest&) const { return OpCode::kGetEphemerals; }
  // Handshakes; the codec refuses to write them as requests.
  OpCode operator()(const model::OpenSessionRequest&) const { return OpCode::kPing; }
  OpCode operator()(const model::AttachSessionRequest&) const { return OpCode::kPing; }
};

}  // namespace

ZooKeeperLink::ZooKeeperLink(Executor* executor, Network* network, Address server,
                             LinkHandler* handler)
    : executor_(executor),
      network_(network),
      server_(std::move(server)),
      handler_(handler),
      splitter_(kReplyBytesMax, wire::FrameSplitter::FirstBytes::kFrame) {}

ZooKeeperLink::~ZooKeeperLink() {
  *self_ = nullptr;
  Close();
}

void ZooKeeperLink::Open(const Hello& hello) {
  hello_ = hello;
  network_->Connect(server_, hello.connect_timeout_ms * 1000LL,
                    [self = self_](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                      if (*self != nullptr) (*self)->OnConnected(std::move(stream));
                    });
}

void ZooKeeperLink::OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream) {
  if (handler_ == nullptr) return;
  if (!stream.ok()) return Fail(stream.status());
  stream_ = *std::move(stream);
  stream_->Start(this);
  wire::ConnectRequest request;
  request.last_zxid_seen = hello_.last_zxid_seen;
  request.timeout_ms = hello_.timeout_ms;
  request.session = hello_.session;
  request.password = hello_.password;
  std::string bytes;
  wire::EncodeConnectRequest(request, &bytes);
  stream_->Write(std::move(bytes));
}

void ZooKeeperLink::Send(const model::WriteOperation& operation) {
  sent_.push_back({NextXid(), std::visit(OpCodeOf(), operation)});
  wire::EncodeRequest(sent_.back().xid, operation, &outbox_);
  write_waits_ = true;
  FlushLater();
}

void ZooKeeperLink::Send(const model::ReadOperation& operation) {
  sent_.push_back({NextXid(), std::visit(OpCodeOf(), operation)});
  wire::EncodeRequest(sent_.back().xid, operation, &outbox_);
  if (outbox_.size() >= kFlushBytes && !write_waits_) {
    Flush();
  } else {
    FlushLater();
  }
}

void ZooKeeperLink::SendCredential(const Credential& credential) {
  if (credential.scheme == "sasl") {
    const std::pair<std::string, std::string> user =
        absl::StrSplit(credential.auth, absl::MaxSplits(':', 1));
    logins_.push_back({.exchange = sasl::DigestMd5Client(user.first, user.second)});
    return LogIn();
  }
  wire::EncodeRequest(wire::kAuthXid, wire::AuthRequest{credential.scheme, credential.auth},
                      &outbox_);
  FlushLater();
}

void ZooKeeperLink::LogIn() {
  if (logins_.empty() || logins_.front().xid != 0) return;
  logins_.front().xid = NextXid();
  wire::EncodeRequest(logins_.front().xid, wire::SaslRequest{""}, &outbox_);
  FlushLater();
}

absl::Status ZooKeeperLink::OnLoginAnswer(absl::string_view frame, model::ErrorCode error) {
  Login& login = logins_.front();
  absl::StatusOr<sasl::Step> step = absl::UnauthenticatedError("the login was refused");
  if (error == model::ErrorCode::kOk) {
    ROOKERY_ASSIGN_OR_RETURN(const model::Data token, wire::DecodeSaslToken(frame));
    step = token.has_value() ? login.exchange.Take(*token)
                             : absl::UnauthenticatedError("the server offers no login");
  }
  if (step.ok() && !step->done) {
    login.xid = NextXid();
    wire::EncodeRequest(login.xid, wire::SaslRequest{std::move(step->token)}, &outbox_);
    FlushLater();
    return absl::OkStatus();
  }
  logins_.pop_front();  // `login` ends here
  if (!step.ok()) {
    logins_.clear();
    opened_.reset();  // it is of no use
    handler_->OnCredential(model::ErrorCode::kAuthFailed);
    return absl::OkStatus();
  }
  OnCredentialAnswer(model::ErrorCode::kOk);
  if (handler_ == nullptr) return absl::OkStatus();
  LogIn();
  AnnounceOpened();
  return absl::OkStatus();
}

void ZooKeeperLink::OnCredentialAnswer(model::ErrorCode error) {
  if (opened_.has_value() && error == model::ErrorCode::kOk) {
    ++credentials_accepted_;
  } else {
    handler_->OnCredential(error);
  }
}

void ZooKeeperLink::AnnounceOpened() {
  if (!opened_.has_value() || !logins_.empty()) return;
  LinkHandler::Opened opened = *std::move(opened_);
  opened_.reset();
  handler_->OnOpened(std::move(opened));
  for (; handler_ != nullptr && credentials_accepted_ > 0; --credentials_accepted_) {
    handler_->OnCredential(model::ErrorCode::kOk);
  }
}

void ZooKeeperLink::RestoreWatches(const model::SetWatchesRequest& watches) {
  wire::EncodeRequest(wire::kSetWatchesXid, model::ReadOperation(watches), &outbox_);
  FlushLater();
}

void ZooKeeperLink::SendHeartbeat() {
  wire::EncodeRequest(wire::kPingXid, model::ReadOperation(model::PingRequest()), &outbox_);
  FlushLater();
}

void ZooKeeperLink::FlushLater() {
  if (std::exchange(flush_posted_, true)) return;
  // Small enough for a Task to hold it without an allocation.
  executor_->Post([self = self_] {
    if (*self == nullptr) return;
    (*self)->flush_posted_ = false;
    (*self)->Flush();
  });
}

void ZooKeeperLink::Flush() {
  if (stream_ == nullptr || outbox_.empty()) return;
  stream_->Write(outbox_);
  outbox_.clear();  // its room stays for what comes
  write_waits_ = false;
}

void ZooKeeperLink::Close() {
  handler_ = nullptr;
  outbox_.clear();
  if (stream_) stream_->Close();
}

void ZooKeeperLink::Fail(absl::Status why) {
  LinkHandler* handler = handler_;
  Close();
  if (handler != nullptr) handler->OnClosed(std::move(why));
}

void ZooKeeperLink::OnClosed(absl::Status why) { Fail(std::move(why)); }

void ZooKeeperLink::OnBytes(absl::string_view bytes) {
  splitter_.Append(bytes);
  // A handler call may close us.
  while (handler_ != nullptr) {
    const wire::FrameSplitter::Item item = splitter_.Next();
    if (item.kind == wire::FrameSplitter::Kind::kMore) return;
    if (item.kind != wire::FrameSplitter::Kind::kFrame) {
      return Fail(absl::InvalidArgumentError(
          absl::StrCat("expected a frame of at most ", kReplyBytesMax, " bytes, found more")));
    }
    if (absl::Status status = OnFrame(item.bytes); !status.ok()) return Fail(std::move(status));
  }
}

absl::Status ZooKeeperLink::OnHandshake(absl::string_view frame) {
  ROOKERY_ASSIGN_OR_RETURN(wire::ConnectResponse response, wire::DecodeConnectResponse(frame));
  open_ = true;
  LinkHandler::Opened& opened = opened_.emplace();
  opened.timeout_ms = response.timeout_ms;
  opened.session = response.timeout_ms > 0 ? response.session : 0;
  opened.password = std::move(response.password);
  opened.read_only = response.read_only;
  if (opened.session != 0) {
    for (const Credential& credential : hello_.credentials) SendCredential(credential);
  }
  AnnounceOpened();
  return absl::OkStatus();
}

absl::Status ZooKeeperLink::OnFrame(absl::string_view frame) {
  if (!open_) return OnHandshake(frame);
  ROOKERY_ASSIGN_OR_RETURN(const wire::ReplyHeader header, wire::DecodeReplyHeader(frame));
  switch (header.xid) {
    case wire::kEventXid: {
      ROOKERY_ASSIGN_OR_RETURN(const model::Event event, wire::DecodeEvent(frame));
      handler_->OnEvent(event);
      return absl::OkStatus();
    }
    case wire::kAuthXid:
      OnCredentialAnswer(header.error);
      return absl::OkStatus();
    case wire::kPingXid:
    case wire::kSetWatchesXid:
      handler_->OnHeard();
      return absl::OkStatus();
    default:
      break;
  }
  if (!logins_.empty() && logins_.front().xid == header.xid) {
    return OnLoginAnswer(frame, header.error);
  }
  if (sent_.empty() || sent_.front().xid != header.xid) {
    return absl::InvalidArgumentError(absl::StrCat("expected the reply to request ",
                                                   sent_.empty() ? 0 : sent_.front().xid,
                                                   ", found that to ", header.xid));
  }
  const model::OpCode opcode = sent_.front().opcode;
  sent_.pop_front();
  absl::StatusOr<model::Reply> reply = wire::DecodeReply(frame, opcode);
  if (!reply.ok()) return reply.status();
  handler_->OnReply(*std::move(reply));
  return absl::OkStatus();
}

int32_t ZooKeeperLink::NextXid() {
  last_xid_ = last_xid_ == std::numeric_limits<int32_t>::max() ? 1 : last_xid_ + 1;
  return last_xid_;
}

}  // namespace rookery::client
