// From wish to log entry: gives clients' writes their tickets, batches what waits at the end of
// each turn, brings it into the leader's log (this server's or another's), and brings it again when
// it may have been lost, so that each is applied exactly once while leaders change (DESIGN section
// 2).
//
// Core executor only. All pointers outlive the proposer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/machine/machine.h"
#include "coordinator/proposal/intake.h"
#include "coordinator/proposal/outbox.h"
#include "coordinator/proposal/peer_message.h"

namespace rookery::proposal {

struct ProposerOptions {
  OutboxOptions outbox;
  // A leader whose engine is busy is asked again after this long.
  int64_t busy_delay_us = 2'000;
};

class Proposer {
 public:
  // `hold`: true while the leader should put nothing new into the log, since its disk is behind.
  Proposer(ProposerOptions options, model::ServerId self, Executor* core, const Clock* clock,
           consensus::Consensus* consensus, const machine::Machine* machine,
           std::function<bool()> hold);
  ~Proposer();

  // A new incarnation, 0: none; what was queued is forgotten.
  void Begin(uint64_t incarnation);
  // One write (wire::EncodeWriteRequest). Returns its ticket. REQUIRES: an incarnation is held.
  uint64_t Add(std::string request);
  // An entry that is not a client's request; its time is set by the leader. Lost if there is no
  // leader or it changes: ask again until it is seen applied.
  void Ask(const wire::LogEntry& entry);
  // On the leader: an entry of its own making. kNotLeader unless it has applied the first entry of
  // its term.
  consensus::ProposeResult Propose(wire::LogEntry entry);

  void OnStatus(const consensus::Status& status);
  void OnPeerConnected(consensus::EngineId peer, bool connected);
  void OnForward(consensus::EngineId from, absl::string_view message, const Forward& forward);
  void OnCursor(const Cursor& cursor);
  void OnWish(const Wish& wish);
  // An item of this term is being applied here.
  void OnApplyingTerm(uint64_t term);
  // Our ticket was applied.
  void OnApplied(uint64_t ticket);
  // About ten times a second.
  void Tick();

  // This server leads and has applied the first entry of its term.
  bool leading() const { return intake_.term() != 0; }
  // A leader is known, and this server has applied the first entry of its term.
  bool settled() const { return leader() != 0 && applying_term_ == term(); }
  uint64_t term() const { return outbox_.term(); }
  uint64_t leader() const { return outbox_.leader(); }
  const Outbox& outbox() const { return outbox_; }

  struct Counters {
    uint64_t entries = 0;  // proposed by this server as the leader
    uint64_t busy = 0;     // refusals by the engine
    uint64_t entry_bytes_last = 0, entry_bytes_min = 0, entry_bytes_max = 0;
  };
  const Counters& counters() const { return counters_; }
  void ResetCounters() { counters_ = {}; }

 private:
  void FlushSoon();
  void FlushAfter(int64_t delay_us);
  void Flush();
  void FlushToLog();
  void FlushToLeader();
  void UpdateLeading();
  consensus::ProposeResult ProposeBytes(std::string bytes);

  const ProposerOptions options_;
  const model::ServerId self_;
  Executor* const core_;
  const Clock* const clock_;
  consensus::Consensus* const consensus_;
  const machine::Machine* const machine_;
  const std::function<bool()> hold_;

  Outbox outbox_;
  Intake intake_;
  bool is_leader_ = false;
  uint64_t applying_term_ = 0;
  bool refused_ = false;  // the engine was busy at the last try
  bool flush_posted_ = false;
  TimerId timer_ = 0;
  Counters counters_;
  // Guards posted tasks against this object's end.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::proposal
