#include "coordinator/proposal/proposer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "coordinator/base/limits.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"

namespace rookery::proposal {

using consensus::ProposeResult;

Proposer::Proposer(ProposerOptions options, model::ServerId self, Executor* core,
                   const Clock* clock, consensus::Consensus* consensus,
                   const machine::Machine* machine, std::function<bool()> hold)
    : options_(options),
      self_(self),
      core_(core),
      clock_(clock),
      consensus_(consensus),
      machine_(machine),
      hold_(std::move(hold)),
      outbox_(options.outbox) {}

Proposer::~Proposer() {
  *alive_ = false;
  core_->Cancel(timer_);
}

void Proposer::Begin(uint64_t incarnation) { outbox_.Begin(incarnation); }

uint64_t Proposer::Add(std::string request) {
  const uint64_t ticket = outbox_.Add(std::move(request));
  FlushSoon();
  return ticket;
}

void Proposer::Ask(const wire::LogEntry& entry) {
  if (leading()) {
    (void)Propose(entry);  // refused: the caller asks again
  } else if (leader() != 0 && leader() != self_) {
    // No connection: the caller asks again.
    (void)consensus_->SendToPeer(leader(), EncodePeerMessage(Wish{wire::EncodeLogEntry(entry)}));
  }
}

ProposeResult Proposer::Propose(wire::LogEntry entry) {
  if (!leading()) return ProposeResult::kNotLeader;
  entry.time_ms = clock_->WallMs();
  return ProposeBytes(wire::EncodeLogEntry(entry));
}

ProposeResult Proposer::ProposeBytes(std::string bytes) {
  const uint64_t size = bytes.size();
  const ProposeResult result = consensus_->Propose(std::move(bytes));
  if (result == ProposeResult::kAccepted) {
    ++counters_.entries;
    counters_.entry_bytes_last = size;
    counters_.entry_bytes_min =
        counters_.entries == 1 ? size : std::min(counters_.entry_bytes_min, size);
    counters_.entry_bytes_max = std::max(counters_.entry_bytes_max, size);
  } else {
    ++counters_.busy;
  }
  return result;
}

void Proposer::OnStatus(const consensus::Status& status) {
  is_leader_ = status.role == consensus::Role::kLeader && status.leader == self_;
  outbox_.OnLeader(status.leader, status.term, clock_->NowUs());
  UpdateLeading();
}

void Proposer::OnApplyingTerm(uint64_t term) {
  // Something was committed, so the engine may have room again.
  if (refused_) FlushSoon();
  if (term == applying_term_) return;
  applying_term_ = term;
  outbox_.OnApplyingTerm(term);
  UpdateLeading();
}

void Proposer::UpdateLeading() {
  const bool leads = is_leader_ && applying_term_ == outbox_.term();
  const uint64_t term = leads ? outbox_.term() : 0;
  if (term != intake_.term()) intake_.Begin(term);
  FlushSoon();
}

void Proposer::OnPeerConnected(consensus::EngineId peer, bool connected) {
  if (!connected || peer != leader()) return;
  outbox_.OnConnection(clock_->NowUs());
  FlushSoon();
}

void Proposer::OnForward(consensus::EngineId from, absl::string_view message,
                         const Forward& forward) {
  if (!leading()) {
    // Elected, but the first entry of the term is not applied here yet: the cursor is unknown.
    if (is_leader_) {
      const Cursor cursor{.term = outbox_.term(),
                          .incarnation = forward.incarnation,
                          .attempt = forward.attempt,
                          .go_back = true};
      (void)consensus_->SendToPeer(from, EncodePeerMessage(cursor));
    }
    return;
  }
  const TicketState state{.incarnation = machine_->Incarnation(from),
                          .last_ticket = machine_->LastTicket(from, machine_->Incarnation(from))};
  const Intake::Verdict verdict = intake_.Add(from, message, forward, state);
  // A lost answer is the same as a lost connection: the sender goes back.
  if (verdict.answer) (void)consensus_->SendToPeer(from, EncodePeerMessage(verdict.cursor));
  if (!intake_.empty()) FlushSoon();
}

void Proposer::OnCursor(const Cursor& cursor) {
  outbox_.OnCursor(cursor, clock_->NowUs());
  FlushSoon();
}

void Proposer::OnWish(const Wish& wish) {
  if (!leading()) return;
  absl::StatusOr<wire::LogEntry> entry = wire::DecodeLogEntry(wish.entry);
  if (!entry.ok()) {
    LogWarn("a server asks for an entry that cannot be read",
            {{"error", entry.status().ToString()}});
    return;
  }
  if (!std::holds_alternative<wire::GrantIncarnation>(entry->body) &&
      !std::holds_alternative<wire::SetMemberRow>(entry->body) &&
      !ROOKERY_PLANTED(kDeposedExpiry)) {
    LogWarn("a server asks for an entry of a kind that only a leader makes");
    return;
  }
  (void)Propose(*std::move(entry));  // refused: the asker asks again
}

void Proposer::OnApplied(uint64_t ticket) { outbox_.OnApplied(ticket, clock_->NowUs()); }

void Proposer::Tick() {
  outbox_.Tick(clock_->NowUs());
  FlushSoon();
}

void Proposer::FlushSoon() {
  if (flush_posted_) return;
  flush_posted_ = true;
  core_->Post([this, alive = alive_] {
    if (!*alive) return;
    flush_posted_ = false;
    Flush();
  });
}

void Proposer::FlushAfter(int64_t delay_us) {
  if (timer_ != 0) return;
  timer_ = core_->RunAfter(std::max<int64_t>(delay_us, 1), [this] {
    timer_ = 0;
    Flush();
  });
}

void Proposer::Flush() {
  refused_ = false;
  if (leading()) {
    FlushToLog();
  } else if (leader() != 0 && leader() != self_) {
    FlushToLeader();
  }
  if (outbox_.retry_at_us() != 0) FlushAfter(outbox_.retry_at_us() - clock_->NowUs());
}

void Proposer::FlushToLog() {
  absl::btree_map<model::ServerId, Cursor> answers;
  while (true) {
    if (hold_()) {
      if (!intake_.empty() || outbox_.size() > 0) FlushAfter(options_.busy_delay_us);
      break;
    }
    const Outbox::Run own =
        outbox_.Next(limits::kEntryBytesMax, limits::kEntryRequestsMax, clock_->NowUs());
    std::vector<wire::EncodedRun> runs;
    if (!own.requests.empty()) {
      runs.push_back({self_, outbox_.incarnation(), own.first_ticket, own.requests});
    }
    intake_.Fill(limits::kEntryBytesMax, limits::kEntryRequestsMax, &runs);
    if (runs.empty()) break;
    if (ProposeBytes(wire::EncodeBatchEntry(clock_->WallMs(), runs)) != ProposeResult::kAccepted) {
      if (!own.requests.empty()) outbox_.Unsend(own, 0);
      intake_.Refused();
      refused_ = true;
      FlushAfter(options_.busy_delay_us);
      break;
    }
    outbox_.Taken(own, clock_->NowUs());
    for (auto& [server, cursor] : intake_.Accepted()) answers[server] = cursor;
  }
  for (const auto& [server, cursor] : answers) {
    (void)consensus_->SendToPeer(server, EncodePeerMessage(cursor));
  }
}

void Proposer::FlushToLeader() {
  while (true) {
    const int64_t now_us = clock_->NowUs();
    Outbox::Run run = outbox_.Next(limits::kForwardBytesMax, limits::kEntryRequestsMax, now_us);
    if (run.requests.empty()) return;
    const Forward forward{.incarnation = outbox_.incarnation(),
                          .first_ticket = run.first_ticket,
                          .attempt = run.attempt,
                          .requests = run.requests};
    if (!consensus_->SendToPeer(leader(), EncodePeerMessage(forward))) {
      outbox_.Unsend(run, now_us + options_.outbox.go_back_delay_us);
      return;
    }
  }
}

}  // namespace rookery::proposal
