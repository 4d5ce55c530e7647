// The replicated state machine: takes the agreed entries one by one and changes the state alike on
// every server. Reads only the entry, the state and the replicated level (DESIGN section 2); the
// clock, the network and this server's configuration are unknown here.
//
// Core executor only. It never blocks: when a request touches a node that is not in memory, Next()
// answers kMissing with nothing of that request changed, and is called again after the load.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"
#include "coordinator/model/event.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/request.h"
#include "coordinator/store/node_store.h"

namespace rookery::machine {

// One thing that happened to the tree, for watches, caches and statistics. In the order of happening.
struct Change {
  enum class Kind { kCreated, kDeleted, kDataChanged, kAclChanged };
  Kind kind = Kind::kCreated;
  std::string path;
  model::AclRef acl;         // of the node, as created, deleted or changed
  model::AclRef parent_acl;  // created and deleted: of the parent, which filters ChildrenChanged
};

// Which server handed a request in, and as its how-many-eth.
struct Origin {
  model::ServerId server = 0;
  uint64_t incarnation = 0;
  uint64_t ticket = 0;
};

// What one request came to.
struct Outcome {
  enum class Kind {
    kRequest,          // a client's request, wherever it came from
    kExpired,          // the leader's close of a silent session
    kGranted,          // a server got its incarnation
    kSkipped,          // a repeated or refused ticket: nothing happened, nobody is answered
    kInternal,         // preload, member row, setting: nobody waits
  };
  Kind kind = Kind::kInternal;
  Origin origin;             // kRequest, kSkipped; kGranted: server and incarnation
  uint64_t nonce = 0;        // kGranted
  model::SessionId session = 0;  // concerned, 0 if none
  model::Owner owner;        // kRequest: as in the request
  model::Reply reply;        // reply.zxid = the request's zxid (the last one if it took none)
  std::vector<Change> changes;
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

class Machine {
 public:
  virtual ~Machine() = default;

  // Reads the rows of the store. Called once at start and after an installed checkpoint. Blocks.
  // FailedPrecondition names a level or format that this build does not know.
  virtual absl::Status Recover() = 0;

  // The next item of the agreed order. REQUIRES: the last one is finished.
  virtual void BeginEntry(uint64_t index, uint64_t term, std::string bytes) = 0;
  virtual void BeginLeader(uint64_t index, uint64_t term) = 0;  // opens an epoch
  virtual void BeginConfiguration(uint64_t index, uint64_t term, std::string configuration,
                                  std::string context) = 0;
  // Applies the next request of the item.
  virtual Step Next(Outcome* outcome) = 0;
  // After kMissing: what to load.
  virtual const store::LoadSet& Missing() const = 0;

  // Paths that the requests of an entry will likely touch, for loading ahead; no side effects.
  virtual store::LoadSet Touches(absl::string_view entry_bytes) const = 0;

  // Reads, answered from the applied state. Same kMissing rule: returns false and fills Missing().
  // Watches are the caller's. Sync and SetWatches are not for the machine.
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
  // As of the applied index: what BeginConfiguration brought last, and the member rows.
  virtual const std::string& configuration() const = 0;
  virtual const std::string& members() const = 0;

  virtual const SessionView* FindSession(model::SessionId id) const = 0;
  virtual std::vector<SessionView> Sessions() const = 0;  // by id
  virtual std::vector<std::string> EphemeralsOf(model::SessionId id) const = 0;  // sorted
  // Last ticket applied of a server's incarnation; 0 if that incarnation is not the granted one.
  virtual uint64_t LastTicket(model::ServerId server, uint64_t incarnation) const = 0;
  // The incarnation a server holds, 0 if none.
  virtual uint64_t Incarnation(model::ServerId server) const = 0;
};

// Entries as proposed; encoded by wire/log_entry. See wire/log_entry.h for the list of kinds.

// `store` outlives the machine. Founding state is a function of the founding list alone.
std::unique_ptr<Machine> CreateMachine(store::NodeStore* store, std::string founding_members,
                                       std::string founding_configuration);

}  // namespace rookery::machine
