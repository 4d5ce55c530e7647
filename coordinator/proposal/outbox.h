// What this server wants in the log: its clients' writes in the order of their tickets, until each
// is seen applied. Decides what to send to which leader, and when to go back and send again
// (DESIGN section 2, "A leader change"). I/O-free: the owner asks for the next run and sends it.
//
//   answered_ <= taken_ <= sent_ <= last ticket
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/proposal/peer_message.h"

namespace rookery::proposal {

struct OutboxOptions {
  // Without news of what was sent for this long, it is sent again.
  int64_t progress_timeout_us = 1'000'000;
  // Between a refusal and the next try, so that a busy leader is not asked in a circle.
  int64_t go_back_delay_us = 5'000;
};

class Outbox {
 public:
  explicit Outbox(OutboxOptions options) : options_(options) {}

  // A new incarnation: everything queued is forgotten and tickets count from 1 again. 0: none is
  // held; nothing may be added.
  void Begin(uint64_t incarnation);
  // REQUIRES: an incarnation is held. Returns the ticket.
  uint64_t Add(std::string request);

  // Our ticket was applied: it and all before it are answered.
  void OnApplied(uint64_t ticket, int64_t now_us);
  // This server has applied something of `term`, so its first entry too: what is unanswered is in
  // no surviving log of an earlier term.
  void OnApplyingTerm(uint64_t term) { applying_term_ = term; }
  // Who leads, as this server believes; 0: nobody.
  void OnLeader(uint64_t leader, uint64_t term, int64_t now_us);
  // The connection to the leader is a new one: what was sent over the old one may be lost.
  void OnConnection(int64_t now_us) { GoBack(now_us, 0); }
  void OnCursor(const Cursor& cursor, int64_t now_us);

  // The next run to send to leader(), at most `bytes_max` but for a single larger request; empty if
  // there is none now. It counts as sent; views hold until the next change. Unsend() if it was not.
  struct Run {
    uint64_t first_ticket = 0;
    uint64_t attempt = 0;
    std::vector<absl::string_view> requests;
  };
  Run Next(size_t bytes_max, size_t requests_max, int64_t now_us);
  // The run could not be handed over at all; it is given out again from `retry_at_us` on.
  void Unsend(const Run& run, int64_t retry_at_us);
  // The leader is this server itself and took the run.
  void Taken(const Run& run, int64_t now_us);

  // Goes back if there is no progress. Call it regularly.
  void Tick(int64_t now_us);
  // When Next() may have something again although nothing happened; 0: it needs no wake-up.
  int64_t retry_at_us() const { return retry_at_us_; }

  uint64_t incarnation() const { return incarnation_; }
  uint64_t leader() const { return leader_; }
  uint64_t term() const { return term_; }
  size_t size() const { return queue_.size(); }
  size_t bytes() const { return bytes_; }
  uint64_t resends() const { return attempt_; }  // times that this outbox went back

 private:
  uint64_t last_ticket() const { return answered_ + queue_.size(); }
  void GoBack(int64_t now_us, int64_t delay_us);

  const OutboxOptions options_;
  uint64_t incarnation_ = 0;
  uint64_t leader_ = 0;
  uint64_t term_ = 0;
  uint64_t applying_term_ = 0;

  std::deque<std::string> queue_;  // unanswered; queue_[0] has ticket answered_ + 1
  size_t bytes_ = 0;
  uint64_t answered_ = 0;
  uint64_t taken_ = 0;       // in the leader's log, as it said in this term
  uint64_t sent_ = 0;        // in this attempt
  size_t window_bytes_ = 0;  // sent and neither taken nor answered
  uint64_t attempt_ = 0;
  int64_t progress_us_ = 0;  // last news, or first sending after it
  int64_t retry_at_us_ = 0;  // nothing is sent before
};

}  // namespace rookery::proposal
