// The connection that this server makes to one peer: connects, says hello, pings, and connects
// again when it breaks. Private to the hub.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/consensus/peer/frame_stream.h"
#include "coordinator/consensus/peer/hello.h"

namespace rookery::consensus {

class PeerHub;

class OutgoingLink : public PeerFrameOwner {
 public:
  // Starts to connect. `hub` outlives the link.
  OutgoingLink(PeerHub* hub, EngineId peer, Address address);
  ~OutgoingLink() override;

  bool up() const { return state_ == State::kUp; }
  uint64_t boot_id() const { return boot_id_; }  // of the process it reached; 0 unless up
  int64_t last_answer_us() const { return last_answer_us_; }
  size_t QueuedBytes() const { return stream_ == nullptr ? 0 : stream_->QueuedBytes(); }

  // REQUIRES: up().
  void Send(PeerFrame frame) { stream_->Send(EncodePeerFrame(std::move(frame))); }

  // There is reason to think that the peer can be reached: tries at once if it is waiting.
  void TryNow();
  // Drops the connection, if any, and tries again: at once, or after the next pause.
  void Restart(bool at_once);
  void SetAddress(Address address);
  // Says goodbye and ends; the link is not used again.
  void Stop(std::string reason);

 private:
  enum class State { kWaiting, kConnecting, kHello, kUp, kStopped };

  void Connect();
  void OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream);
  void OnFrame(PeerFrame frame) override;
  void OnEnded(absl::Status why) override;
  void OnAnswer(const HelloAnswerFrame& answer);
  void Drop();
  void Fail(absl::Status why);
  void WaitAndRetry();
  void Ping();

  PeerHub* hub_;
  EngineId peer_;
  Address address_;
  State state_ = State::kWaiting;
  // Counts attempts, so that the outcome of an abandoned one is ignored; expires with the link.
  std::shared_ptr<uint64_t> attempt_ = std::make_shared<uint64_t>(0);
  std::unique_ptr<FrameStream> stream_;
  TimerId timer_ = 0;
  int64_t pause_us_ = 0;  // before the next attempt; 0: at once
  int64_t up_since_us_ = 0;
  int64_t last_answer_us_ = 0;
  int64_t next_ping_us_ = 0;
  uint64_t ping_number_ = 0;
  uint64_t boot_id_ = 0;
};

}  // namespace rookery::consensus
