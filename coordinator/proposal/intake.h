// The leader's side of tickets: what servers forwarded, until the log has it. Keeps one cursor per
// server, which lives for one term, starts from the machine's state, and moves only when the engine
// took the proposal (DESIGN section 2, "A leader change"). I/O-free.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "coordinator/model/ids.h"
#include "coordinator/proposal/peer_message.h"
#include "coordinator/wire/log_entry.h"

namespace rookery::proposal {

// What the machine holds of a server's tickets.
struct TicketState {
  uint64_t incarnation = 0;
  uint64_t last_ticket = 0;
};

class Intake {
 public:
  // This server leads in `term` and has applied its first entry. Forgets all cursors.
  void Begin(uint64_t term);
  // It leads no longer. What waits is dropped: its senders send it again to the next leader.
  void End() { Begin(0); }
  // 0 when not leading.
  uint64_t term() const { return term_; }

  // A forward from `from`, whose bytes are `message`; `machine` is its state as applied here.
  // Returns what to answer at once; anything that was put into the queue is answered by Accepted().
  // REQUIRES: term() != 0.
  struct Verdict {
    bool answer = false;
    Cursor cursor;
  };
  Verdict Add(model::ServerId from, absl::string_view message, const Forward& forward,
              const TicketState& machine);

  // Adds runs to an entry until it has `bytes_max` bytes or `requests_max` requests. Views hold
  // until Accepted() or Refused(), one of which must follow.
  void Fill(size_t bytes_max, size_t requests_max, std::vector<wire::EncodedRun>* runs);
  // The engine took the entry: cursors move; says which to send to whom.
  std::vector<std::pair<model::ServerId, Cursor>> Accepted();
  void Refused() { filled_.clear(); }

  bool empty() const { return chunks_.empty(); }
  // Requests that came and were not proposed, in bytes.
  size_t bytes() const { return bytes_; }

 private:
  struct Chunk {
    model::ServerId server = 0;
    uint64_t incarnation = 0;
    uint64_t first_ticket = 0;  // of requests[0]
    uint64_t attempt = 0;
    std::unique_ptr<const std::string> message;
    std::vector<absl::string_view> requests;  // into *message
    size_t next = 0;                          // requests before it were proposed
  };
  struct State {
    uint64_t incarnation = 0;
    uint64_t received = 0;  // last ticket queued or proposed
    uint64_t accepted = 0;  // last ticket proposed
    size_t bytes = 0;       // queued
  };

  Cursor CursorOf(const State& state, uint64_t attempt, bool go_back) const;

  uint64_t term_ = 0;
  absl::btree_map<model::ServerId, State> servers_;
  std::deque<Chunk> chunks_;
  std::vector<size_t> filled_;  // per chunk from the front: how many requests the entry took
  size_t bytes_ = 0;
};

}  // namespace rookery::proposal
