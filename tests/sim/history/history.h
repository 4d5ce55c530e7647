// What happened in a run, as values: what clients asked and were told, and what servers did. The
// only thing that checkers look at; it can be written and read as JSON lines (json.h), so that
// histories of real processes go through the same checkers.
//
// `order` numbers every occurrence of the run in the order in which it happened: a smaller one
// happened before. In a simulation it is counted; histories of real processes take a monotonic
// clock's nanoseconds. Times are microseconds of the run's own clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/client/client.h"
#include "coordinator/model/change.h"
#include "coordinator/model/error_code.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/stat.h"

namespace rookery::sim {

using Order = uint64_t;

// --- What clients did and saw.

// One request of a client. A session's close is one too (CloseSessionRequest).
struct Call {
  uint32_t client = 0;
  uint64_t number = 0;  // of this client, from 1, rising in the order of submission
  client::Operation operation;
  bool watched = false;       // a watch was asked for; it is named by the call
  bool linearizable = false;  // a read that must show all that was committed when it was asked
  Order invoked = 0;
  int64_t invoked_us = 0;

  // The answer. returned == 0: none came before the run ended.
  Order returned = 0;
  int64_t returned_us = 0;
  model::SessionId session = 0;  // that answered, or the client's when it gave up; 0: no session
  uint32_t server = 0;           // that answered; 0: none did
  model::ErrorCode error = model::ErrorCode::kOk;
  bool maybe_applied = false;  // with kConnectionLoss and kOperationTimeout
  model::Zxid zxid = 0;        // of the write, or the newest applied when a read was answered
  // A multi that failed has the failed part's error, and a body that tells of every part.
  model::ReplyBody body;

  // A server has answered; with an error perhaps.
  bool answered() const { return returned != 0 && server != 0; }
  bool ok() const { return returned != 0 && error == model::ErrorCode::kOk; }
  // Nobody can say whether it was applied.
  bool uncertain() const { return returned == 0 || maybe_applied; }
};

// A watch event, told to a client.
struct Told {
  uint32_t client = 0;
  uint64_t call = 0;  // number of the call that asked for it; 0: nobody had asked
  Order order = 0;
  int64_t at_us = 0;
  model::SessionId session = 0;
  client::WatchEvent event;  // kSessionLost: nothing more will be told of the watch
};

// A client's session changed its state. A client has one session after another.
struct SessionChange {
  uint32_t client = 0;
  Order order = 0;
  int64_t at_us = 0;
  client::SessionState state = client::SessionState::kNotConnected;
  model::SessionId session = 0;
  int32_t timeout_ms = 0;  // granted
  uint32_t server = 0;     // connected to
};

// A client's side ended a connection of a session, or the process died that had it; the session was
// not closed.
struct Left {
  uint32_t client = 0;
  Order order = 0;
  int64_t at_us = 0;
  model::SessionId session = 0;
};

// --- What servers did: known in a simulation only. `server` is the number of server.N, `engine`
// what the group knows it by: another one after a server came back with an empty disk.

// A process of a server began or ended. `life` counts the processes of a server from 1.
struct ServerLife {
  uint32_t server = 0;
  uint64_t life = 0;
  Order order = 0;
  int64_t at_us = 0;
  bool up = false;
};

// How a server stood when it had applied an entry.
struct Applied {
  uint32_t server = 0;
  uint64_t life = 0;
  Order order = 0;
  uint64_t index = 0;
  uint64_t term = 0;
  uint64_t digest = 0;
  model::Zxid zxid = 0;
};

// A change of the tree, as the first server that applied it saw it.
struct Changed {
  Order order = 0;
  // When some server had first done it: from then on clients may know of it, though the rest of its
  // entry may still wait for the disk. 0: not known.
  Order known = 0;
  int64_t known_us = 0;
  uint64_t index = 0;
  model::Zxid zxid = 0;
  model::Change::Kind kind = model::Change::Kind::kCreated;
  std::string path;
  model::SessionId session = 0;  // on whose behalf; 0: none
};

// A step in a session's life, as the first server that applied it saw it.
struct SessionTurn {
  enum class Kind { kOpened, kAttached, kClosed, kExpired };
  Order order = 0;
  int64_t at_us = 0;
  uint64_t index = 0;
  uint64_t term = 0;  // of the entry
  model::Zxid zxid = 0;
  Kind kind = Kind::kOpened;
  model::SessionId session = 0;
  model::ServerId owner = 0;  // engine id of the server that it belongs to from now on; 0: ended
  int32_t timeout_ms = 0;
  int32_t grace_ms = 0;  // session.disconnectGraceMs of the servers; 0: there is none
};

// The configuration from entry `index` on, as that entry brought it, or as a server believed it
// where it stood at a start or behind an installed checkpoint.
struct Configured {
  uint32_t server = 0;
  model::ServerId engine = 0;
  uint64_t life = 0;
  Order order = 0;
  uint64_t index = 0;
  bool stands = false;  // believed
  std::vector<model::ServerId> voters;
  std::vector<model::ServerId> outgoing;  // not empty: joint
  std::vector<model::ServerId> learners;
};

// A server won an election.
struct Led {
  uint32_t server = 0;
  model::ServerId engine = 0;
  uint64_t life = 0;
  Order order = 0;
  int64_t at_us = 0;
  uint64_t term = 0;
};

// A server learned that everything up to `index` is committed.
struct Committed {
  uint32_t server = 0;
  model::ServerId engine = 0;
  uint64_t life = 0;
  Order order = 0;
  uint64_t index = 0;
  uint64_t term = 0;  // of the entry
};

// What a server's log holds durably from `order` on.
struct LogStep {
  enum class Kind {
    kEntry,     // `index` holds this entry; whatever was at and behind it before is gone
    kReplaced,  // a state stands for everything up to `index`; the log behind it is empty
    kLost,      // nothing from `index` on is there any more, though it was synced: damage
  };
  uint32_t server = 0;
  model::ServerId engine = 0;
  uint64_t life = 0;
  Order order = 0;
  Kind kind = Kind::kEntry;
  uint64_t index = 0;
  uint64_t term = 0;
  uint64_t hash = 0;  // of the entry's kind and bytes
};

// Term and vote as a server has written them durably.
struct VoteStep {
  uint32_t server = 0;
  model::ServerId engine = 0;
  uint64_t life = 0;
  Order order = 0;
  uint64_t term = 0;
  uint64_t vote = 0;  // engine id; 0: none yet
};

// --- How it ended, after the last fault was healed.

struct FinalNode {
  model::Data data;
  model::Stat stat;
};
struct FinalState {
  uint32_t server = 0;
  uint64_t index = 0;
  model::Zxid zxid = 0;
  uint64_t digest = 0;                                    // 0: not known
  std::map<std::string, FinalNode> nodes;                 // by path
  std::optional<std::vector<model::SessionId>> sessions;  // alive; nullopt: not known
};

// What a call without a session was told of the nodes that it followed: every change of their data,
// their existence and their lists of children, until it ended.
struct Followed {
  uint32_t server = 0;
  std::vector<std::string> paths;
  model::Zxid armed = 0;    // every change after this one is told
  model::Zxid through = 0;  // up to this one, at least
  std::vector<client::WatchEvent> events;
};

struct History {
  std::vector<Call> calls;  // in the order of invocation
  std::vector<Told> told;   // all others in order
  std::vector<SessionChange> sessions;
  std::vector<Left> left;
  // Whole subtrees as calls without a session were shown them (index and digest are not known).
  std::vector<FinalState> scans;
  std::vector<Followed> followed;

  std::vector<ServerLife> lives;
  std::vector<Applied> applied;
  std::vector<Changed> changed;
  std::vector<SessionTurn> session_turns;
  std::vector<Configured> configured;
  std::vector<Led> led;
  std::vector<Committed> committed;
  std::vector<LogStep> log;
  std::vector<VoteStep> votes;

  std::vector<FinalState> final_states;  // one per server that could be asked
};

}  // namespace rookery::sim
