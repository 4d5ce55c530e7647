#include "coordinator/frontend/zookeeper/client_connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/frontend/zookeeper/operation_names.h"
#include "coordinator/model/operations.h"
#include "coordinator/wire/zookeeper/handshake.h"
#include "coordinator/wire/zookeeper/reply.h"

namespace rookery::frontend {

using model::ErrorCode;

namespace {

// What goes through the log for a write that cannot be read, so that it takes its turn and its zxid
// like any other: its flags, and with them the whole, are MarshallingError at Apply.
model::WriteOperation UnreadableWrite() {
  return model::MultiRequest{{model::CreateRequest{.flags = -1}}};
}

}  // namespace

ClientConnection::ClientConnection(const ZooKeeperRules* rules, service::Service* service,
                                   FourLetterWords* words, Executor* core, const Clock* clock,
                                   TrafficCounters* traffic, Address peer, ByteSink* sink)
    : rules_(rules),
      service_(service),
      words_(words),
      core_(core),
      clock_(clock),
      traffic_(traffic),
      peer_(std::move(peer)),
      sink_(sink),
      frames_(rules->frame_bytes_max, wire::FrameSplitter::FirstBytes::kFrameOrWord),
      credentials_(FreshCredentials(rules->identity, peer_.host)),
      login_(rules->identity.sasl),
      accepted_us_(clock->NowUs()),
      heard_us_(accepted_us_) {
  line_.peer = peer_.ToString();
  line_.established_ms = clock->WallMs();
}

void ClientConnection::OnBytes(absl::string_view bytes) {
  if (state_ == State::kEnded) return;
  traffic_->bytes_received += bytes.size();
  heard_us_ = clock_->NowUs();
  frames_.Append(bytes);
  if (word_.empty()) {
    TakeFrames();
  } else {
    AnswerWord();
  }
}

void ClientConnection::AnswerWord() {
  const absl::string_view behind = frames_.Rest();
  if (behind.size() < words_->BytesBehind(word_)) return;
  ++traffic_->packets_received;
  ++line_.received;
  out_ += words_->Answer(word_, behind);
  ++traffic_->packets_sent;
  End();
}

bool ClientConnection::MayTake() const {
  if (state_ != State::kFresh && state_ != State::kOpen) return false;
  if (out_.size() + sink_->QueuedBytes() > limits::kConnectionOutputBytesPause) return false;
  if (pending_.empty()) return true;
  return service_->PendingBytes(connection_) < limits::kConnectionPendingBytesMax &&
         !service_->Congested();
}

void ClientConnection::TakeFrames() {
  if (taking_ || !word_.empty()) return;
  taking_ = true;
  bool more = false;
  while (MayTake()) {
    const wire::FrameSplitter::Item item = frames_.Next();
    using Kind = wire::FrameSplitter::Kind;
    if (item.kind == Kind::kMore) {
      more = true;
      break;
    }
    if (item.kind == Kind::kTooLong) {
      ++traffic_->large_requests_rejected;
      LogInfo("closing a connection: its next message is longer than jute.maxbuffer, or no message",
              {{"peer", line_.peer}, {"bytes_max", rules_->frame_bytes_max}});
      End();
    } else if (item.kind == Kind::kWord) {
      word_ = std::string(item.bytes);
      AnswerWord();
      more = true;
      break;
    } else if (state_ == State::kFresh) {
      Handshake(item.bytes);
    } else {
      Request(item.bytes);
    }
  }
  taking_ = false;
  // Reading goes on when there is room again; until then TCP holds the client back.
  const bool pause = !more && state_ != State::kEnded;
  if (pause == paused_ || state_ == State::kEnded) return;
  paused_ = pause;
  if (pause) {
    sink_->PauseReading();
  } else {
    sink_->ResumeReading();
  }
}

void ClientConnection::Handshake(absl::string_view frame) {
  ++traffic_->connection_requests;
  const absl::StatusOr<wire::ConnectRequest> request = wire::DecodeConnectRequest(frame);
  // In these cases ZooKeeper closes in silence, so that the client tries another server.
  if (!request.ok()) return End();
  if (!service_->Serving()) {
    service_->AttachRefused(request->session);
    return End();
  }
  if (request->session == 0 && request->last_zxid_seen > service_->LastZxid()) {
    LogInfo("refusing a client that has seen a later zxid than this server",
            {{"peer", line_.peer},
             {"seen", model::ToHex(request->last_zxid_seen)},
             {"applied", model::ToHex(service_->LastZxid())}});
    return End();
  }
  with_read_only_ = request->has_read_only;
  state_ = State::kOpening;
  line_.last_operation = "SESS";
  connection_ = service_->Connect(this, {.peer = line_.peer, .credentials = credentials_});
  const int32_t timeout_ms = std::clamp(request->timeout_ms, rules_->min_session_timeout_ms,
                                        rules_->max_session_timeout_ms);
  if (request->session == 0) {
    service_->OpenSession(connection_, timeout_ms);
  } else {
    service_->AttachSession(connection_, request->session, request->password, timeout_ms,
                            request->last_zxid_seen);
  }
}

void ClientConnection::OnSession(const model::Reply& reply) {
  const auto* session = std::get_if<model::SessionReply>(&reply.body);
  const bool granted = reply.error == ErrorCode::kOk && session != nullptr && session->session != 0;
  wire::ConnectResponse response;
  if (granted) {
    response = {.timeout_ms = session->timeout_ms,
                .session = session->session,
                .password = session->password};
  }
  wire::EncodeConnectResponse(response, with_read_only_, &out_);
  ++traffic_->packets_sent;
  ++line_.sent;
  if (!granted) return End();
  state_ = State::kOpen;
  heard_us_ = clock_->NowUs();
  line_.session = session->session;
  line_.timeout_ms = session->timeout_ms;
  LogInfo("session established", {{"session", model::ToHex(session->session)},
                                  {"peer", line_.peer},
                                  {"timeout_ms", session->timeout_ms}});
  FlushSoon();
}

void ClientConnection::Request(absl::string_view frame) {
  std::optional<wire::DecodedRequest> request = wire::DecodeRequest(frame);
  if (!request) return End();
  ++traffic_->packets_received;
  ++line_.received;
  line_.last_operation = OperationName(request->opcode);
  // The last one that the client counted: pings and other special numbers say nothing of its work.
  if (request->xid >= 0) line_.last_cxid = request->xid;
  if (const auto* auth = std::get_if<wire::AuthRequest>(&request->body)) {
    return Authenticate(request->xid, *auth);
  }
  if (const auto* sasl = std::get_if<wire::SaslRequest>(&request->body)) {
    return LogIn(request->xid, *sasl);
  }
  // As ZooKeeper does, whatever number the ping has.
  const bool ping = request->opcode == static_cast<int32_t>(model::OpCode::kPing);
  pending_.push_back({.xid = ping ? wire::kPingXid : request->xid,
                      .opcode = request->opcode,
                      .received_us = heard_us_});
  if (const auto* bad = std::get_if<wire::BadRequest>(&request->body)) {
    Refuse(*request, *bad);
  } else if (auto* write = std::get_if<model::WriteOperation>(&request->body)) {
    // What a client sends behind its closeSession is ignored.
    if (std::holds_alternative<model::CloseSessionRequest>(*write)) state_ = State::kClosing;
    service_->Write(connection_, 0, std::move(*write));
  } else {
    service_->Read(connection_, 0, std::move(std::get<model::ReadOperation>(request->body)));
  }
}

void ClientConnection::Refuse(const wire::DecodedRequest& request, wire::BadRequest bad) {
  const auto operation = model::FindOperation(request.opcode);
  if (bad == wire::BadRequest::kMalformed && operation &&
      operation->kind == model::OperationKind::kWrite) {
    service_->Write(connection_, 0, UnreadableWrite());
    return;
  }
  service_->Touch(connection_);
  model::Reply reply{.error = ErrorCode::kMarshallingError};
  if (bad != wire::BadRequest::kMalformed) reply.error = ErrorCode::kUnimplemented;
  if (bad == wire::BadRequest::kNotBuilt) {
    LogWarn("a client asked for an operation that is not built yet",
            {{"operation", OperationName(request.opcode)},
             {"opcode", request.opcode},
             {"peer", line_.peer}});
  }
  if (bad == wire::BadRequest::kUnknownOpcode) {
    reply.zxid = -1;
    pending_.back().then_close = true;
    state_ = State::kClosing;
  }
  pending_.back().ready = std::move(reply);
  AnswerReady();
}

void ClientConnection::OnReply(uint64_t, model::Reply reply) {
  const Pending pending = std::move(pending_.front());
  pending_.pop_front();
  Answer(pending, reply);
  AnswerReady();
}

void ClientConnection::AnswerReady() {
  while (state_ != State::kEnded && !pending_.empty() && pending_.front().ready.has_value()) {
    Pending pending = std::move(pending_.front());
    pending_.pop_front();
    if (pending.ready->zxid == 0) pending.ready->zxid = service_->LastZxid();
    Answer(pending, *pending.ready);
    if (pending.then_close) End();
  }
}

void ClientConnection::Answer(const Pending& pending, const model::Reply& reply) {
  const size_t before = out_.size();
  wire::EncodeReply(pending.xid, reply, &out_);
  const uint64_t bytes = out_.size() - before;
  traffic_->response_bytes_min =
      traffic_->response_bytes_last == 0 ? bytes : std::min(traffic_->response_bytes_min, bytes);
  traffic_->response_bytes_max = std::max(traffic_->response_bytes_max, bytes);
  traffic_->response_bytes_last = bytes;
  ++traffic_->packets_sent;

  const int64_t now_us = clock_->NowUs();
  const int64_t latency_ms = (now_us - pending.received_us) / 1000;
  line_.min_latency_ms = latency_sum_ms_ == 0 && line_.sent <= 1
                             ? latency_ms
                             : std::min(line_.min_latency_ms, latency_ms);
  line_.max_latency_ms = std::max(line_.max_latency_ms, latency_ms);
  line_.last_latency_ms = latency_ms;
  line_.last_response_ms = now_us / 1000;
  line_.last_zxid = reply.zxid;
  latency_sum_ms_ += static_cast<double>(latency_ms);
  ++line_.sent;
  FlushSoon();
}

void ClientConnection::OnEvent(const model::Event& event) {
  if (state_ == State::kEnded) return;
  wire::EncodeEvent(event, &out_);
  ++traffic_->packets_sent;
  ++line_.sent;
  FlushSoon();
}

void ClientConnection::OnFarewell(service::Farewell why) {
  connection_ = 0;
  if (state_ == State::kEnded) return;
  if (why != service::Farewell::kClosed) {
    static constexpr const char* kReasons[] = {"closed", "expired", "moved to another connection",
                                               "this server stops serving"};
    LogInfo("closing a connection", {{"peer", line_.peer},
                                     {"session", model::ToHex(line_.session)},
                                     {"reason", kReasons[static_cast<int>(why)]}});
  }
  End();
}

void ClientConnection::Tick() {
  if (state_ == State::kEnded) return;
  const int64_t silent_us = clock_->NowUs() - heard_us_;
  if (line_.session == 0) {
    if (clock_->NowUs() - accepted_us_ < rules_->sessionless_timeout_us) return;
    ++traffic_->sessionless_expired;
    End();
  } else if (!paused_ && silent_us > int64_t{line_.timeout_ms} * 1000) {
    LogInfo("closing a connection: its client was silent for longer than its session's timeout",
            {{"peer", line_.peer}, {"session", model::ToHex(line_.session)}});
    End();
  }
}

void ClientConnection::ResetStatistics() {
  line_.received = line_.sent = 0;
  line_.last_operation = "NA";
  line_.last_cxid = line_.last_zxid = -1;
  line_.last_response_ms = line_.last_latency_ms = 0;
  line_.min_latency_ms = line_.max_latency_ms = 0;
  latency_sum_ms_ = 0;
}

void ClientConnection::OnDisconnected(bool by_client) {
  if (state_ == State::kEnded) return;
  state_ = State::kEnded;
  if (connection_ == 0) return;
  const service::ConnectionId connection = std::exchange(connection_, 0);
  if (by_client) return service_->ClientEnded(connection);
  service_->Disconnect(connection);
}

void ClientConnection::FlushSoon() {
  if (flush_posted_ || state_ == State::kEnded) return;
  flush_posted_ = true;
  core_->Post([this, alive = alive_] {
    if (!*alive) return;
    flush_posted_ = false;
    Flush();
  });
}

void ClientConnection::Flush() {
  if (state_ == State::kEnded) return;
  if (!out_.empty()) {
    traffic_->bytes_sent += out_.size();
    sink_->Send(std::exchange(out_, {}));
  }
  if (sink_->QueuedBytes() > limits::kConnectionOutputBytesMax) {
    LogWarn("closing a connection: its client does not read what it is sent",
            {{"peer", line_.peer}, {"bytes_max", limits::kConnectionOutputBytesMax}});
    End();
    return;
  }
  TakeFrames();
}

void ClientConnection::End() {
  if (state_ == State::kEnded) return;
  state_ = State::kEnded;
  ++traffic_->connections_dropped;
  if (connection_ != 0) service_->Disconnect(std::exchange(connection_, 0));
  if (!out_.empty()) {
    traffic_->bytes_sent += out_.size();
    sink_->Send(std::exchange(out_, {}));
  }
  sink_->End();
}

ClientLine ClientConnection::Describe() const {
  ClientLine line = line_;
  line.reading = !paused_;
  line.queued = pending_.size();
  if (line.sent > 0) line.avg_latency_ms = latency_sum_ms_ / static_cast<double>(line.sent);
  return line;
}

}  // namespace rookery::frontend
