// The leader's clock of sessions: which have been silent for too long (DESIGN section 2, "Expiry").
//
// A session expires only after a round that began after its deadline, in which a majority of the
// voters and every server in contact reported, and in which nobody had heard it; one that came into
// contact during the round is asked in another. Time in which the leader did not run does not
// count.
//
// With a grace for ended connections, a session expires earlier: if its owner reports, in that very
// round, that the client's side ended the connection of the present attach at least so long ago,
// and no server has told of an attempt to come back since.
//
// I/O-free, over ticks. Time is the owner's monotonic clock.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "coordinator/model/ids.h"

namespace rookery::session {

struct ExpiryOptions {
  // Between ticks; a longer pause counts as two of them.
  int64_t tick_us = 50'000;
  // One election timeout: a server that answers no round for this long is not in contact.
  int64_t contact_timeout_us = 200'000;
  // An expiry that was proposed and is not seen applied is proposed again after this long.
  int64_t propose_again_us = 1'000'000;
  // How long a client whose side ended its connection may take to come back; 0: its timeout.
  int64_t disconnect_grace_us = 0;
};

class Expiry {
 public:
  explicit Expiry(ExpiryOptions options) : options_(options) {}

  struct Known {
    model::SessionId id = 0;
    int32_t timeout_ms = 0;
    uint64_t attach_count = 0;
  };
  // This server leads now: every session has its full timeout, until a report says how old it is.
  void Begin(int64_t now_us, const std::vector<Known>& sessions);
  void End();
  bool running() const { return running_; }

  // Applied: a session was opened or moved, which counts as hearing it; or it ended.
  void OnAttached(const Known& session);
  void OnClosed(model::SessionId id) { sessions_.erase(id); }
  // A server (or this one) heard a session that long ago. `by_owner`: the session is attached to
  // it, and it knows so: it has applied every attach that Begin was told of. What others remember,
  // or the owner itself before that, may be from before the session came there.
  void OnHeard(model::SessionId id, int64_t idle_ms, bool by_owner);
  // The owner says, in its report for `round`, that the client's side ended the connection of this
  // attach. An end that the next round's report leaves out is withdrawn.
  void OnEnded(model::SessionId id, uint64_t attach_count, int64_t ago_ms, uint64_t round);
  // A server says that somebody asked for the session, when it knew of this attach.
  void OnAttempted(model::SessionId id, uint64_t attach_count, int64_t ago_ms);

  // A server's report for this round is in (what it heard was told before).
  void OnReport(model::ServerId server, uint64_t round);
  // Its connection went away, or a reconnect was refused: no round waits for it.
  void OnUnreachable(model::ServerId server) { awaited_.erase(server); }

  struct Ensemble {
    model::ServerId self = 0;
    std::vector<model::ServerId> connected;  // servers that can be asked, without self
    // True if these servers (sorted) hold a majority of the voters, in both halves of a joint
    // configuration.
    std::function<bool(const std::set<model::ServerId>&)> is_majority;
  };
  struct Expired {
    model::SessionId id = 0;
    uint64_t attach_count = 0;
    bool ended = false;  // before its timeout: the client's side ended the connection
  };
  struct Actions {
    uint64_t call_round = 0;  // not 0: ask ensemble.connected to report for it, and report here
    std::vector<Expired> expired;  // propose their close
  };
  Actions Tick(int64_t now_us, const Ensemble& ensemble);

  size_t size() const { return sessions_.size(); }
  // By deadline, in microseconds from now, for people.
  std::vector<std::pair<int64_t, model::SessionId>> Deadlines() const;

 private:
  struct Session {
    int64_t timeout_us = 0;
    uint64_t attach_count = 0;
    int64_t deadline_us = 0;
    bool assumed = false;  // its owner has not reported it since this server leads

    bool ended = false;  // as its owner says
    int64_t ended_us = 0;
    uint64_t ended_round = 0;  // the newest in which the owner said so
    int64_t attempted_us = std::numeric_limits<int64_t>::min();
    int64_t not_before_us = 0;  // of the grace: when its close may be proposed again
  };
  using Due = std::pair<int64_t, model::SessionId>;  // deadline as it was, session

  // When a round is due for it: at its deadline, or at the end of its grace if that is earlier.
  int64_t DueUs(const Session& session) const;
  void CollectDue();
  bool AllAsked(const Ensemble& ensemble) const;
  void CloseRound(const Ensemble& ensemble, Actions* actions);

  const ExpiryOptions options_;
  bool running_ = false;
  int64_t last_tick_us_ = 0;
  int64_t clock_us_ = 0;  // counts only the time in which this server ran

  std::map<model::SessionId, Session> sessions_;
  // Invariant: each session has an entry at or before its deadline, or is in due_.
  std::priority_queue<Due, std::vector<Due>, std::greater<>> deadlines_;
  std::set<model::SessionId> due_;

  uint64_t round_ = 0;
  bool round_open_ = false;
  int64_t round_began_us_ = 0;
  std::set<model::ServerId> asked_;
  std::set<model::ServerId> awaited_;  // of those
  std::set<model::ServerId> reported_;
};

}  // namespace rookery::session
