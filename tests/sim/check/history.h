// What happened in a run, as its clients saw it: the only thing that the checkers of client
// promises look at. `order` numbers every occurrence of the run in the order in which it happened;
// a smaller one happened before.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/client/client.h"
#include "coordinator/model/error_code.h"
#include "coordinator/model/ids.h"
#include "coordinator/model/reply.h"
#include "coordinator/model/stat.h"

namespace rookery::sim {

// One request of a client.
struct Call {
  uint32_t client = 0;
  uint64_t number = 0;  // of this client, rising in the order of submission; its watch's name too
  client::Operation operation;
  uint64_t invoked = 0;  // order
  int64_t invoked_us = 0;
  bool watched = false;  // a watch was asked for

  // The answer. returned == 0: none came before the run ended.
  uint64_t returned = 0;
  int64_t returned_us = 0;
  model::SessionId session = 0;  // that answered, or the client's when it gave up
  model::ErrorCode error = model::ErrorCode::kOk;
  bool maybe_applied = false;  // with kConnectionLoss and kOperationTimeout
  model::Zxid zxid = 0;  // of the answer; of the write itself, if it is a write that succeeded
  model::ReplyBody body;

  // Whether the request may have changed something: answered well, or uncertain.
  bool applied() const { return returned != 0 && error == model::ErrorCode::kOk; }
  bool uncertain() const { return returned == 0 || maybe_applied; }
};

// A watch event, told to a client.
struct Told {
  uint32_t client = 0;
  uint64_t call = 0;  // number of the call that asked for it
  uint64_t order = 0;
  int64_t at_us = 0;
  client::WatchEvent event;
};

// A client's session changed its state.
struct SessionChange {
  uint32_t client = 0;
  uint64_t order = 0;
  int64_t at_us = 0;
  client::SessionState state = client::SessionState::kNotConnected;
  model::SessionId session = 0;
  int32_t timeout_ms = 0;
};

// A znode as it stood on a server at the end of the run.
struct FinalNode {
  std::optional<std::string> data;
  model::Stat stat;
};
struct FinalState {
  uint32_t server = 0;
  uint64_t applied_index = 0;
  model::Zxid zxid = 0;
  uint64_t digest = 0;
  std::map<std::string, FinalNode> nodes;  // by path; Kafka's preloaded roots among them
  std::vector<model::SessionId> sessions;  // alive
};

// What a server showed of one entry when it had applied it.
struct Applied {
  uint32_t server = 0;
  uint64_t index = 0;
  uint64_t term = 0;
  uint64_t digest = 0;
  model::Zxid zxid = 0;
};

// What the consensus of a server showed, taken after every step in which it changed.
struct ConsensusView {
  uint32_t server = 0;
  uint64_t order = 0;
  uint64_t term = 0;
  bool leads = false;  // won an election in `term`
  uint64_t commit_index = 0;
};

// A record of a server's log as it became durable there, and what was cut off.
struct Durable {
  uint32_t server = 0;
  uint64_t order = 0;
  uint64_t index = 0;
  uint64_t term = 0;
  uint64_t content_hash = 0;
  bool lost = false;  // truncated, or lost with a crash: index and everything after it are gone
};

struct History {
  std::vector<Call> calls;  // in the order of invocation
  std::vector<Told> told;   // in order
  std::vector<SessionChange> sessions;
  std::vector<FinalState> final_states;  // one per server, after the heal
  std::vector<Applied> applied;
  std::vector<ConsensusView> views;
  std::vector<Durable> durable;
  uint32_t voters = 3;
};

}  // namespace rookery::sim
