// A connection that a peer made to this server: waits for its hello, answers it, hands up what
// comes. Private to the hub.
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

class IncomingLink : public PeerFrameOwner {
 public:
  IncomingLink(PeerHub* hub, std::unique_ptr<Stream> stream);
  ~IncomingLink() override;

  // Set once the hello was accepted; 0 before.
  EngineId peer() const { return peer_; }
  uint64_t boot_id() const { return boot_id_; }
  uint64_t disk_id() const { return disk_id_; }
  const ServerLine& line() const { return line_; }  // as it describes itself

  // Answers the hello; an accepted one makes this the link of `hello`'s sender.
  void Accept(const Hello& hello);
  void Refuse(const HelloVerdict& verdict, std::string member_list);
  // Ends the connection; with a reason, says it first.
  void Close();
  void Stop(std::string reason);

 private:
  void OnFrame(PeerFrame frame) override;
  void OnEnded(absl::Status why) override;
  void WatchSilence(int64_t timeout_us);

  PeerHub* hub_;  // not used once closed, since the link may then outlive it
  Executor* executor_;
  std::unique_ptr<FrameStream> stream_;
  TimerId timer_ = 0;
  bool heard_ = false;  // since the timer was last set
  EngineId peer_ = 0;
  uint64_t boot_id_ = 0;
  uint64_t disk_id_ = 0;
  ServerLine line_;
};

}  // namespace rookery::consensus
