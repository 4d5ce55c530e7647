// The peer connections of one server: one TCP connection per direction and peer, framed protobuf
// (schemas/rookery/internal/v1/peer.proto). The one who connects says hello and sends; the one who
// accepts checks, answers with its own hello, and from then on sends nothing but pongs and a
// goodbye.
//
// A server that belongs to no ensemble yet (peer/founding.h) runs the hub too: it answers hellos,
// so that others learn its disk id, and accepts none.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/peer/hello.h"
#include "coordinator/consensus/peer/peer_frame.h"
#include "coordinator/consensus/peers.h"

namespace rookery::consensus {

class IncomingLink;
class OutgoingLink;

struct PeerHubOptions {
  Address listen;  // the quorum port of this server
  int64_t connect_timeout_us = 1'000'000;
  // From the connection to the end of the hello, for both sides.
  int64_t hello_timeout_us = 2'000'000;
  int64_t ping_interval_us = 100'000;
  // A connection whose pings go unanswered this long is taken for dead and made anew.
  int64_t silence_timeout_us = 3'000'000;
  // After a failed attempt: doubled up to the most, each with a jitter of a quarter. A connection
  // that breaks is made anew at once.
  int64_t retry_first_us = 1'000;
  int64_t retry_most_us = 1'000'000;
  // A frame's most bytes: the engine's largest message (one entry may be a client's largest request
  // many times over) and a report of the sessions fit; a hostile length does not.
  size_t frame_bytes_max = 64u << 20;
  // Bytes queued to one peer: beyond this, engine messages (which the engine repeats) are
  // refused...
  size_t engine_queue_bytes_max = 32u << 20;
  // ... and beyond this those of the server too.
  size_t application_queue_bytes_max = 64u << 20;
};

// A server that asked to be let in and was refused: what `rookery ensemble add|rejoin` needs to
// know.
struct Applicant {
  ServerLine line;  // as it describes itself
  uint64_t disk_id = 0;
  uint32_t level = 0;
  HelloRefusal refusal = HelloRefusal::kNone;
  int64_t last_seen_us = 0;
};

class PeerHub : public Peers {
 public:
  // `seed` drives the jitter. The executor, network and clock outlive the hub.
  PeerHub(Executor* executor, Network* network, const Clock* clock, uint64_t seed,
          PeerHubOptions options);
  ~PeerHub() override;

  // Starts to listen and to answer hellos as `self`. AlreadyExists: the port is in use.
  absl::Status Start(Hello self);

  // What this server says of itself from now on. Connections that were accepted stay.
  void SetSelf(Hello self);
  const Hello& self() const { return self_; }

  // Called with every well-formed hello of somebody who connected, accepted or not; founding uses
  // it to answer a newcomer's visit at once.
  void SetOnHello(absl::AnyInvocable<void(const Hello&)> on_hello);

  // Who was refused within the last `age_us`, by server number.
  std::vector<Applicant> Applicants(int64_t age_us) const;

  // Judges somebody who came to the election port as it would be judged here.
  HelloVerdict Judge(const Hello& theirs) const;

  // Where `peer` serves checkpoint files: from the member list, else from its own hello. NotFound:
  // this server knows no such peer.
  absl::StatusOr<Address> ElectionAddress(EngineId peer) const;

  // The bound quorum port.
  Address Local() const;

  // As Peers says.
  void SetListener(PeersListener* listener) override;
  void SetMembers(const MemberList& list, uint32_t ensemble_level) override;
  bool SendEngineMessage(EngineId to, std::string bytes) override;
  bool SendApplicationMessage(EngineId to, std::string bytes) override;
  bool IsConnected(EngineId peer) const override;
  int64_t LastAnswerUs(EngineId peer) const override;
  void Stop() override;

 private:
  friend class IncomingLink;
  friend class OutgoingLink;

  struct Peer;
  // What the listener is to hear, in order; told from a task of its own, since it may call back.
  struct Report {
    enum class Kind { kConnected, kDisconnected, kLost, kApplicationMessage };
    Kind kind;
    EngineId peer;
    PeerLoss loss = PeerLoss::kRefused;
    std::string bytes;
  };

  // From the links.
  void OnHello(IncomingLink* link, const HelloFrame& frame);
  void OnIncomingEnded(IncomingLink* link, absl::Status why);
  void OnEngineFrame(EngineId peer, std::string bytes);
  void OnApplicationFrame(EngineId peer, std::string bytes);
  void OnOutgoingUp(EngineId peer);
  void OnOutgoingDown(EngineId peer, const absl::Status& why);
  // `connecting`: nobody accepted the connection; otherwise the hello failed.
  void OnAttemptFailed(EngineId peer, bool connecting, const absl::Status& why);
  void OnGoodbye(EngineId peer, bool stopping, const std::string& reason, bool outgoing);

  void OnAccept(std::unique_ptr<Stream> stream);
  Peer* Find(EngineId id) const;
  Peer* Add(EngineId id, Address address);
  void Remove(EngineId id, const std::string& reason);
  void DropIncoming(Peer* peer);
  void NoteProcess(Peer* peer, uint64_t boot_id);
  void NoteApplicant(const Hello& hello, HelloRefusal refusal);
  void UpdateConnected(Peer* peer);
  void Lost(Peer* peer, PeerLoss why);
  void Tell(Report report);
  void TellAll();
  void LogTrouble(Peer* peer, const absl::Status& why);

  Executor* executor_;
  Network* network_;
  const Clock* clock_;
  Random random_;
  PeerHubOptions options_;
  Hello self_;
  MemberList members_;
  uint32_t ensemble_level_ = 1;
  PeersListener* listener_ = nullptr;
  absl::AnyInvocable<void(const Hello&)> on_hello_;
  std::unique_ptr<rookery::Listener> door_;
  std::map<EngineId, std::unique_ptr<Peer>> peers_;
  std::list<std::unique_ptr<IncomingLink>> unknown_;  // connected, hello not accepted
  std::map<uint32_t, Applicant> applicants_;          // by server number
  std::deque<Report> reports_;
  bool stopping_ = false;
  // Expires with the hub; tasks that outlive it look here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
