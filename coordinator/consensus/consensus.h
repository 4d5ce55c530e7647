// An agreed order of opaque bytes among the servers of an ensemble. All that the rest of the server
// sees of consensus: no type of the engine passes this interface, so the engine can be replaced.
//
// Everything here lives on the core executor. Nothing blocks: the log is written by a thread of its
// own, and what becomes durable comes back as a task.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::consensus {

// Names a member for ever: N of server.N for founders, the next never-used number for later ones.
using EngineId = uint64_t;

enum class Role { kFollower, kPreCandidate, kCandidate, kLeader };

// Who votes and who only listens. Joint while `outgoing` is not empty. Sorted.
struct Configuration {
  std::vector<EngineId> voters, outgoing, learners, learners_next;
  bool auto_leave = false;
  bool operator==(const Configuration&) const = default;
  bool Contains(EngineId id) const;
  bool IsVoter(EngineId id) const;  // in either half of a joint configuration
};

// The next thing in the agreed order. Indexes rise by one or more; each item has its own.
struct Item {
  enum class Kind {
    kEntry,          // bytes that somebody proposed
    kLeaderStarted,  // the first entry of a leader's term
    kConfiguration,  // the configuration from here on, with the bytes proposed along with it
  };
  Kind kind = Kind::kEntry;
  uint64_t index = 0;
  uint64_t term = 0;
  std::string bytes;            // kEntry: the entry; kConfiguration: the context of the change
  Configuration configuration;  // kConfiguration only: as of this index
};

// A state that stands for every item up to `index`: what a checkpoint holds.
struct Manifest {
  uint64_t index = 0;
  uint64_t term = 0;  // of the item at index
  Configuration configuration;
  std::string name;     // of the checkpoint's directory at the server that made it
  uint64_t digest = 0;  // of the state, compared after installation
};

struct Status {
  EngineId self = 0;
  EngineId leader = 0;  // 0: none known
  Role role = Role::kFollower;
  uint64_t term = 0;
  uint64_t commit_index = 0;
  uint64_t durable_index = 0;
  uint64_t first_index = 0;   // oldest entry still in the log
  uint64_t cached_bytes = 0;  // entries that are kept in memory, from first_index on
  bool leader_ready = false;  // leading, and an entry of the own term is committed
  Configuration configuration;
  struct Peer {
    EngineId id = 0;
    uint64_t matched_index = 0;  // as the leader knows it; 0 on others
    bool connected = false;      // a stream to it is up and its hello was accepted
    bool recently_active = false;
  };
  std::vector<Peer> peers;  // by id
};

// Implemented by the server. Calls come from tasks of the core executor, never from inside a method
// of Consensus.
class Listener {
 public:
  virtual ~Listener() = default;
  // In order, each once per process life. The receiver may apply later; it then says Applied().
  virtual void OnItems(std::vector<Item> items) = 0;
  // Role, leader or term changed.
  virtual void OnStatus(const Status& status) = 0;
  // A message of the server itself (not of consensus) from a peer, in order per connection.
  virtual void OnPeerMessage(EngineId from, absl::string_view bytes) = 0;
  // A peer's accepted connection came up (true) or went away.
  virtual void OnPeerConnected(EngineId peer, bool connected) = 0;
  // The log no longer reaches back to this server's state: replace the state by the checkpoint
  // whose files lie in `directory`, then call `done`. Items after manifest.index follow once it was
  // called with OK; an error ends the process. Everything at or before manifest.index is void,
  // items already delivered and not yet applied included.
  virtual void OnInstall(Manifest manifest, std::string directory,
                         absl::AnyInvocable<void(absl::Status)> done) = 0;
  // Somebody needs a checkpoint newer than the newest: make one soon and say CheckpointTaken().
  virtual void OnCheckpointWanted() = 0;
  // The newest checkpoint, of this name, is damaged: as OnCheckpointWanted, at the same index too,
  // under another name.
  virtual void OnCheckpointUnusable(const std::string& name) = 0;
};

struct MemberChange {
  enum class Kind { kAddVoter, kAddLearner, kRemove };
  Kind kind = Kind::kAddLearner;
  EngineId id = 0;
};

enum class ProposeResult {
  kAccepted,   // in the leader's log; committed unless the leader changes
  kNotLeader,  // propose at the leader
  kBusy,       // the leader's limits are reached or a transfer is under way: try again soon
};

class Consensus {
 public:
  virtual ~Consensus() = default;

  // Offers bytes as the next entry. Refused unless this server leads and has committed an entry of
  // its term. kAccepted is no promise: if the leader changes, the entry may vanish.
  virtual ProposeResult Propose(std::string bytes) = 0;

  // Calls `done` with the index that this server must have applied to have seen all that was
  // committed anywhere when Barrier was called. DeadlineExceeded: no leader answered until the
  // deadline; lost requests are asked again with a new context until then.
  virtual void Barrier(int64_t deadline_us,
                       absl::AnyInvocable<void(absl::StatusOr<uint64_t>)> done) = 0;

  // The state machine stands at `index`.
  virtual void Applied(uint64_t index) = 0;

  // A durable checkpoint exists; the log behind it and behind `flushed_index` (the last ingested
  // flush) may be trimmed, less a tail for servers that lag a little.
  virtual void CheckpointTaken(const Manifest& manifest) = 0;
  virtual void StateFlushed(uint64_t flushed_index) = 0;

  // Sends bytes to a peer, in order while the connection lasts. False: no connection (nothing
  // sent).
  virtual bool SendToPeer(EngineId peer, std::string bytes) = 0;

  // Changes the configuration, jointly if more than one member changes; `context` comes back with
  // the kConfiguration item. Leader only. FailedPrecondition says what is in the way.
  virtual absl::Status ChangeMembers(const std::vector<MemberChange>& changes,
                                     std::string context) = 0;

  // Hands leadership to a voter that has caught up. FailedPrecondition says what is in the way; the
  // transfer itself may still fail in silence, so watch the status.
  virtual absl::Status Transfer(EngineId to) = 0;

  virtual Status GetStatus() const = 0;

  // Says goodbye to the peers and stops; no call to the listener follows.
  virtual void Stop() = 0;
};

}  // namespace rookery::consensus
