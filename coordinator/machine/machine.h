// The replicated state machine: takes the agreed entries one by one and changes the state alike on
// every server. Reads only the entry, the state and the replicated level (DESIGN section 2); the
// clock, the network and this server's configuration are unknown here.
//
// Core executor only. It never blocks: when a request touches a node that is not in memory, Next()
// answers kMissing with nothing of that request changed, and is called again after the load.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"
#include "coordinator/model/change.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/node_change.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "coordinator/store/node_store.h"

namespace rookery::machine {

// Which server handed a request in, and as its how-many-eth.
struct Origin {
  model::ServerId server = 0;
  uint64_t incarnation = 0;
  uint64_t ticket = 0;
};

// What one request came to.
struct Outcome {
  enum class Kind {
    kRequest,   // a client's request, wherever it came from
    kExpired,   // the leader's close of a silent session
    kGranted,   // a server got its incarnation
    kSkipped,   // a repeated or refused ticket: nothing happened, nobody is answered
    kEmptied,   // the leader's deletion of a container without children
    kInternal,  // preload, member row, setting: nobody waits
  };
  Kind kind = Kind::kInternal;
  Origin origin;                 // kRequest, kSkipped; kGranted: server and incarnation
  uint64_t nonce = 0;            // kGranted
  model::SessionId session = 0;  // concerned, 0 if none
  model::Owner owner;            // kRequest: as in the request
  model::Reply reply;            // reply.zxid = the request's zxid (the last one if it took none)
  std::vector<model::Change> changes;
  // A session's life, for whoever keeps its connections:
  enum class SessionEvent { kNone, kOpened, kAttached, kClosed };
  SessionEvent session_event = SessionEvent::kNone;
  model::Owner previous_owner;  // kAttached: who must let go of it
};

enum class Step {
  kOutcome,   // one request was applied
  kMissing,   // Missing() must be loaded first, then Next() again
  kFinished,  // the entry is done; the applied index has moved on
};

// A session as replicated.
struct SessionView {
  model::SessionId id = 0;
  int32_t timeout_ms = 0;
  model::Owner owner;
  uint64_t attach_count = 0;  // names an attach; an expiry is a no-op if it has changed
};

// A container that may go: it had children and has none, or it never had one and was last written
// then.
struct EmptyContainer {
  std::string path;
  bool used = true;
  int64_t mtime_ms = 0;  // of one that was never used
  bool operator==(const EmptyContainer&) const = default;
};
// Before every time: of those that were never used, none.
inline constexpr int64_t kNeverMs = std::numeric_limits<int64_t>::min();

class Machine {
 public:
  virtual ~Machine() = default;

  // Reads the rows of the store. Called once at start and after an installed checkpoint. Blocks.
  // A state of no log yet (a restored one) is taken as that of the founding.
  // FailedPrecondition names a level or format that this build does not know.
  virtual absl::Status Recover() = 0;

  // Tells `sink`, which outlives the machine, of every change from here on; of the state itself
  // with each Recover(). At most one.
  virtual void SetChangeSink(model::ChangeSink* sink) = 0;

  // The next item of the agreed order. REQUIRES: the last one is finished.
  virtual void BeginEntry(uint64_t index, uint64_t term, std::string bytes) = 0;
  virtual void BeginLeader(uint64_t index, uint64_t term) = 0;  // opens an epoch
  virtual void BeginConfiguration(uint64_t index, uint64_t term, std::string configuration,
                                  std::string context) = 0;
  // Applies the next request of the item.
  virtual Step Next(Outcome* outcome) = 0;
  // After kMissing: what to load.
  virtual const store::LoadSet& Missing() const = 0;

  // Writes what is kept in memory between flushes (tickets, counters, digest, applied index) to the
  // store's rows. Called between two entries, right before each NodeStore::Flush.
  virtual void SaveRows() = 0;

  // Paths that the requests of an entry will likely touch, for loading ahead; no side effects.
  virtual store::LoadSet Touches(absl::string_view entry_bytes) const = 0;

  // Reads, answered from the applied state. Same kMissing rule: returns false and fills Missing().
  // Watches are the caller's. REQUIRES: not a sync, nor what model::NeedsConnection().
  virtual bool Read(const model::ReadOperation& operation, const model::Credentials& credentials,
                    model::Reply* reply) = 0;

  virtual uint64_t applied_index() const = 0;
  virtual uint64_t applied_term() const = 0;
  virtual model::Zxid last_zxid() const = 0;
  virtual uint32_t epoch() const = 0;
  virtual uint64_t digest() const = 0;
  virtual uint32_t level() const = 0;
  virtual bool preloaded() const = 0;
  virtual uint64_t node_count() const = 0;
  virtual uint64_t ephemeral_count() const = 0;
  virtual uint64_t data_bytes() const = 0;  // paths and data
  virtual uint64_t container_count() const = 0;
  virtual uint64_t session_count() const = 0;
  // As of the applied index: what BeginConfiguration brought last, and the member rows.
  virtual const std::string& configuration() const = 0;
  virtual const std::string& members() const = 0;

  virtual const SessionView* FindSession(model::SessionId id) const = 0;
  virtual std::vector<SessionView> Sessions() const = 0;                         // by id
  virtual std::vector<std::string> EphemeralsOf(model::SessionId id) const = 0;  // sorted
  // Containers to delete, at most `count_max`: those that were used, then those that never were and
  // were last written before `unused_before_ms`; each sorted by path.
  virtual std::vector<EmptyContainer> EmptyContainers(int64_t unused_before_ms,
                                                      size_t count_max) const = 0;
  // Last ticket applied of a server's incarnation; 0 if that incarnation is not the granted one.
  virtual uint64_t LastTicket(model::ServerId server, uint64_t incarnation) const = 0;
  // The incarnation a server holds, 0 if none.
  virtual uint64_t Incarnation(model::ServerId server) const = 0;
};

// Entries as proposed; encoded by wire/log_entry. See wire/log_entry.h for the list of kinds.

// What an ensemble begins with, the same on every founder: the member list and the configuration in
// the encodings of consensus/members.h, and the position of the snapshot that founders boot with.
struct Founding {
  std::string members;
  std::string configuration;
  uint64_t index = 1;
  uint64_t term = 1;
};

// How the member rows follow the agreed order; consensus/members.h has the functions, which this
// floor does not know. Each returns the new list.
struct MemberRules {
  std::function<std::string(const std::string& members, const std::string& configuration,
                            const std::string& context)>
      apply_configuration;
  std::function<std::string(const std::string& members, const std::string& row)> update;
};

// `store` outlives the machine.
std::unique_ptr<Machine> CreateMachine(store::NodeStore* store, Founding founding,
                                       MemberRules rules);

}  // namespace rookery::machine
