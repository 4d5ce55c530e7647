// One connection of a ZooKeeper client without its I/O: bytes in, bytes out (zookeeper-protocol 1.2
// to 1.4, 5.5). All output of a turn leaves in one write.
//
// Core executor only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/limits.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/commands/facts.h"
#include "coordinator/frontend/commands/four_letter_words.h"
#include "coordinator/frontend/identity/identity.h"
#include "coordinator/frontend/zookeeper/sasl_login.h"
#include "coordinator/service/service.h"
#include "coordinator/wire/zookeeper/frame.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::frontend {

struct ZooKeeperRules {
  size_t frame_bytes_max = wire::kFrameBytesMaxDefault;  // jute.maxbuffer
  int32_t min_session_timeout_ms = 4000;
  int32_t max_session_timeout_ms = 40000;
  // A connection without a session ends after this long.
  int64_t sessionless_timeout_us = 10'000'000;
  IdentityRules identity;
};

// Where a connection's bytes go. None is called after End.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void Send(std::string bytes) = 0;
  virtual size_t QueuedBytes() const = 0;
  virtual void PauseReading() = 0;
  virtual void ResumeReading() = 0;
  // Closes the connection after what was sent. The connection object may end in a later task.
  virtual void End() = 0;
};

class ClientConnection final : public service::Client {
 public:
  // All pointers outlive the connection.
  ClientConnection(const ZooKeeperRules* rules, service::Service* service, FourLetterWords* words,
                   Executor* core, const Clock* clock, TrafficCounters* traffic, Address peer,
                   ByteSink* sink);
  ~ClientConnection() override { *alive_ = false; }

  void OnBytes(absl::string_view bytes);
  // The stream ended, by the client's side or by what lies between. The session lives on.
  void OnDisconnected(bool by_client);
  // The client has taken what was sent.
  void OnDrained() { FlushSoon(); }
  // Ends a connection that has no session, or whose client was silent for longer than its session's
  // timeout. Call it about once a second.
  void Tick();
  // This server goes down or serves nobody.
  void Close() { End(); }

  bool ended() const { return state_ == State::kEnded; }
  ClientLine Describe() const;
  // As if nothing had been asked yet.
  void ResetStatistics();

  void OnSession(const model::Reply& reply) override;
  void OnReply(uint64_t tag, model::Reply reply) override;
  void OnEvent(const model::Event& event) override;
  void OnFarewell(service::Farewell why) override;

 private:
  enum class State { kFresh, kOpening, kOpen, kClosing, kEnded };
  struct Pending {
    int32_t xid = 0;
    int32_t opcode = 0;
    int64_t received_us = 0;
    std::optional<model::Reply> ready;  // answered here, waiting for its turn
    bool then_close = false;
  };

  void TakeFrames();
  bool MayTake() const;
  // Once all that belongs to it has come.
  void AnswerWord();
  void Handshake(absl::string_view frame);
  void Request(absl::string_view frame);
  void Refuse(const wire::DecodedRequest& request, wire::BadRequest bad);
  void Authenticate(int32_t xid, const wire::AuthRequest& auth);
  void LogIn(int32_t xid, const wire::SaslRequest& sasl);
  void CredentialsGrew();
  void RefuseCredentials(absl::string_view why);
  // Sends answers made here whose turn has come.
  void AnswerReady();
  void Answer(const Pending& pending, const model::Reply& reply);
  void FlushSoon();
  void Flush();
  void End();

  const ZooKeeperRules* const rules_;
  service::Service* const service_;
  FourLetterWords* const words_;
  Executor* const core_;
  const Clock* const clock_;
  TrafficCounters* const traffic_;
  const Address peer_;
  ByteSink* const sink_;

  State state_ = State::kFresh;
  wire::FrameSplitter frames_;
  std::string word_;     // a four-letter word whose bytes have not all come
  bool paused_ = false;  // the sink was told not to read
  bool taking_ = false;  // TakeFrames is on the stack
  bool with_read_only_ = true;
  service::ConnectionId connection_ = 0;
  model::Credentials credentials_;
  SaslLogin login_;
  std::deque<Pending> pending_;  // requests without an answer, oldest first
  std::string out_;
  bool flush_posted_ = false;
  ClientLine line_;
  int64_t accepted_us_ = 0;
  int64_t heard_us_ = 0;
  double latency_sum_ms_ = 0;
  // Guards posted tasks against this object's end.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::frontend
