// What this server knows of clients whose side ended a connection without closing the session, and
// of attempts to come back, for the leader's grace (session.disconnectGraceMs): a killed process's
// kernel closes its connections, so nobody needs to wait for the session's timeout. I/O-free.
//
// Ends are told in every report until the session is attached or ends, or an attempt is made here.
// An end does not count if the client had not been sent anything lately, since then it is this
// server or the network that is at fault; and none does where more than half of ten or more
// connections end within one grace, which is a proxy that restarts, or a network, and not all those
// clients.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "coordinator/model/ids.h"
#include "coordinator/proposal/peer_message.h"

namespace rookery::service {

struct EndedClientsOptions {
  int64_t grace_us = 0;  // 0: nothing is noted
  // Between ticks; of a longer pause only this much counts, since who came back in it is read after
  // it.
  int64_t pause_us = 200'000;
};

class EndedClients {
 public:
  explicit EndedClients(EndedClientsOptions options) : options_(options) {}

  bool enabled() const { return options_.grace_us != 0; }
  void Tick(int64_t now_us);

  // The client's side ended the connection of this attach; `connections` with a session were open,
  // it among them. `counts`: it had asked for something since it was let in, so it knew of that,
  // and was sent something within half its timeout.
  void OnEnded(model::SessionId session, uint64_t attach_count, bool counts, size_t connections);
  // Somebody asked for the session here, in vain or not. What is noted of it is kept for
  // `timeout_ms`, longer than which nobody waits for the session.
  void OnAttempted(model::SessionId session, uint64_t attach_count, int32_t timeout_ms);
  // It was attached, wherever, or it ended.
  void OnMovedOn(model::SessionId session);
  // The attempt succeeded: the new attach says all.
  void OnCameBack(model::SessionId session) { attempted_.erase(session); }

  // What every report tells.
  std::vector<proposal::Report::Sign> Ended() const;
  std::vector<proposal::Report::Sign> Attempted() const;

 private:
  struct Noted {
    uint64_t attach_count = 0;
    int64_t at_us = 0;
    int64_t forget_us = 0;
  };
  struct End {
    int64_t at_us = 0;
    model::SessionId session = 0;
  };
  struct Crowd {
    int64_t at_us = 0;
    size_t connections = 0;
  };

  std::vector<proposal::Report::Sign> SignsOf(const std::map<model::SessionId, Noted>& noted) const;

  const EndedClientsOptions options_;
  int64_t last_tick_us_ = 0;
  int64_t clock_us_ = 0;  // counts the time in which this server ran
  std::map<model::SessionId, Noted> ended_;
  std::map<model::SessionId, Noted> attempted_;
  std::deque<End> lately_;   // every end within one grace, oldest first
  std::deque<Crowd> crowd_;  // how many there were at those ends: each fewer than all before it
  bool many_ = false;        // too many of them ended: none of lately_ counts
};

}  // namespace rookery::service
