// What the consensus loop sees of the other servers: messages out, messages in, who is connected,
// and news of a lost process. peer/hub.h is the implementation over base/network.h.
//
// Everything runs on the core executor and nothing blocks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/consensus/members.h"

namespace rookery::consensus {

// Why a peer's process is known to be gone. Each process is reported lost at most once.
enum class PeerLoss {
  kRefused,     // its connection broke, and connecting again was refused
  kNewProcess,  // a hello came from a process with another boot id
  kGoodbye,     // it said that it stops
};

// Calls come from tasks of the core executor, never from inside a method of Peers.
class PeersListener {
 public:
  virtual ~PeersListener() = default;

  // A message of the engine, in order per connection. `from` may be a newcomer that this server's
  // member list has no row for yet (it lags behind the change that added it); a newcomer speaks
  // like any other (docs/adr/0014). A peer that the list contradicts (removed, other disk) never
  // gets this far.
  virtual void OnEngineMessage(EngineId from, std::string bytes) = 0;

  // A message of the server itself, in order per connection.
  virtual void OnApplicationMessage(EngineId from, std::string bytes) = 0;

  // Connected: hello was accepted in both directions, so a round trip works. On false, whatever was
  // sent and not answered may be lost: snapshot messages in flight to it count as failed (R0e).
  // Calls alternate per peer, beginning with true.
  virtual void OnPeerConnected(EngineId peer, bool connected) = 0;

  // Sure news that the peer's process is gone; comes after OnPeerConnected(peer, false). A flapping
  // link is not reported: the same process answers again.
  virtual void OnPeerLost(EngineId peer, PeerLoss why) = 0;
};

class Peers {
 public:
  virtual ~Peers() = default;

  // REQUIRES: called once, before the first message can be accepted (before SetMembers).
  virtual void SetListener(PeersListener* listener) = 0;

  // The member list to connect to and to check hellos against, and the ensemble's replicated level.
  // Connections to peers that left or changed their disk end; others stay untouched.
  virtual void SetMembers(const MemberList& list, uint32_t ensemble_level) = 0;

  // Sends an engine message. False: not sent, since there is no accepted connection or its queue is
  // full; say so to the engine (unreachable, and a failed snapshot if it was one).
  [[nodiscard]] virtual bool SendEngineMessage(EngineId to, std::string bytes) = 0;

  // Sends a message of the server. False: not sent, for the same reasons.
  [[nodiscard]] virtual bool SendApplicationMessage(EngineId to, std::string bytes) = 0;

  // True between OnPeerConnected(peer, true) and OnPeerConnected(peer, false).
  virtual bool IsConnected(EngineId peer) const = 0;

  // When `peer` last answered a ping on a present connection, on the clock of NowUs; 0: never.
  virtual int64_t LastAnswerUs(EngineId peer) const = 0;

  // Says goodbye on every connection and ends them; no call to the listener follows.
  virtual void Stop() = 0;
};

}  // namespace rookery::consensus
