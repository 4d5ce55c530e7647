// One Session stream without its I/O: messages in, messages out, on the core executor.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/executor.h"
#include "coordinator/frontend/grpc/session_limits.h"
#include "coordinator/frontend/identity/identity.h"
#include "coordinator/service/service.h"
#include "rookery/v1/coordinator.pb.h"

namespace rookery::frontend {

struct GrpcSessionRules {
  int32_t min_session_timeout_ms = 4000;
  int32_t max_session_timeout_ms = 40000;
  IdentityRules identity;
  // Requests taken and not answered: above this the stream is not read.
  size_t pending_bytes_max = 4u << 20;
  // Of one operation: jute.maxbuffer.
  size_t request_bytes_max = 0xfffff;
  // Null: no limits; outlives the connection.
  SessionLimits* limits = nullptr;
};

// Where a stream's messages go. Core executor; none is called after Finish.
class SessionSink {
 public:
  virtual ~SessionSink() = default;
  virtual void Send(v1::SessionResponse response) = 0;
  // Ends the stream after what was sent. Called once.
  virtual void Finish(absl::Status status) = 0;
};

class SessionConnection final : public service::Client {
 public:
  // `peer` is "host:port", for people; `peer_host` the ip identity. All pointers outlive the
  // connection.
  SessionConnection(service::Service* service, Executor* core, GrpcSessionRules rules,
                    std::string peer, const std::string& peer_host, SessionSink* sink);
  ~SessionConnection() override;

  void OnMessage(v1::SessionRequest message);
  // The stream is gone, by the client's side or by the pump's doing. The session lives on.
  void OnDisconnect(bool by_client);
  // False while as much is pending as may be; asked again after every message that was sent.
  bool WantsMore() const;

  void OnSession(const model::Reply& reply) override;
  void OnReply(uint64_t tag, model::Reply reply) override;
  void OnEvent(const model::Event& event) override;
  void OnFarewell(service::Farewell why) override;

 private:
  enum class State { kFresh, kOpening, kOpen, kEnded };

  // Takes its credentials and its place among the sessions; not OK: why not.
  absl::Status MayOpen(const v1::OpenSession& open);
  void Open(const v1::OpenSession& open);
  absl::Status CheckSizes(const v1::SessionRequest& message) const;
  void Submit(const v1::SessionOperation& operation);
  void Authenticate(uint64_t tag, const std::string& scheme, const std::string& auth);
  void End(absl::Status status);
  v1::SessionResponse& Pending();  // sent at the end of the turn
  void Flush();

  service::Service* const service_;
  Executor* const core_;
  const GrpcSessionRules rules_;
  const std::string peer_;
  const std::string peer_host_;
  SessionSink* const sink_;

  State state_ = State::kFresh;
  bool counted_ = false;  // by rules_.limits
  service::ConnectionId connection_ = 0;
  model::Credentials credentials_;
  std::vector<v1::SessionRequest> early_;  // arrived before the session was open
  // Invariant: one element per submitted request that is unanswered, oldest first; true for a
  // heartbeat, whose reply is not a SessionReply.
  std::deque<bool> heartbeats_;
  v1::SessionResponse pending_;
  bool flush_posted_ = false;
  // Guards the posted flush against this object's end.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::frontend
