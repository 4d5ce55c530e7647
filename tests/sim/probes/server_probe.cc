#include "tests/sim/probes/server_probe.h"

#include "coordinator/consensus/members.h"
#include "tests/sim/history/values.h"

namespace rookery::sim {

using consensus::Item;
using machine::Outcome;

ServerProbe::ServerProbe(Recorder* recorder, FirstApplied* first, uint32_t server, int32_t grace_ms)
    : recorder_(recorder),
      first_(first),
      grace_ms_(grace_ms),
      server_{.number = server, .engine = server} {}

std::unique_ptr<consensus::LogStore> ServerProbe::Wrap(consensus::LogStore* log) {
  return std::make_unique<LogProbe>(recorder_, &server_, log);
}

void ServerProbe::NoteConfiguration(uint64_t index, bool stands,
                                    const consensus::Configuration& configuration) {
  recorder_->history().configured.push_back({.server = server_.number,
                                             .engine = server_.engine,
                                             .life = life(),
                                             .order = recorder_->Next(),
                                             .index = index,
                                             .stands = stands,
                                             .voters = configuration.voters,
                                             .outgoing = configuration.outgoing,
                                             .learners = configuration.learners});
}

void ServerProbe::OnStands(const machine::Machine& machine, const consensus::Status& status) {
  server_.engine = status.self;
  changed_.clear();
  turns_.clear();
  if (machine.applied_index() == 0) return;  // it waits to be filled by a checkpoint
  NoteConfiguration(machine.applied_index(), true, status.configuration);
  recorder_->Trace("server ", server_.number, " stands at entry ", machine.applied_index());
  OnApplied(machine);
}

void ServerProbe::OnStatus(const consensus::Status& status) {
  if (status.role != consensus::Role::kLeader || status.term == led_term_) return;
  led_term_ = status.term;
  recorder_->history().led.push_back({.server = server_.number,
                                      .engine = server_.engine,
                                      .life = life(),
                                      .order = recorder_->Next(),
                                      .at_us = recorder_->NowUs(),
                                      .term = status.term});
  recorder_->Trace("server ", server_.number, " leads in term ", status.term);
}

void ServerProbe::OnCommitted(const Item& item) {
  recorder_->history().committed.push_back({.server = server_.number,
                                            .engine = server_.engine,
                                            .life = life(),
                                            .order = recorder_->Next(),
                                            .index = item.index,
                                            .term = item.term});
  if (item.kind == Item::Kind::kConfiguration)
    NoteConfiguration(item.index, false, item.configuration);
}

void ServerProbe::OnOutcome(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::kSkipped) return;
  if (!outcome.changes.empty()) {
    first_->OnOutcome(outcome.reply.zxid, {recorder_->Next(), recorder_->NowUs()});
  }
  for (const model::Change& change : outcome.changes) {
    changed_.push_back({.zxid = outcome.reply.zxid,
                        .kind = change.kind,
                        .path = change.path,
                        .session = outcome.session});
  }
  using Event = Outcome::SessionEvent;
  if (outcome.session_event == Event::kNone) return;
  SessionTurn turn{.zxid = outcome.reply.zxid, .session = outcome.session, .grace_ms = grace_ms_};
  if (outcome.session_event == Event::kClosed) {
    turn.kind = outcome.kind == Outcome::Kind::kExpired ? SessionTurn::Kind::kExpired
                                                        : SessionTurn::Kind::kClosed;
  } else {
    turn.kind = outcome.session_event == Event::kOpened ? SessionTurn::Kind::kOpened
                                                        : SessionTurn::Kind::kAttached;
    turn.owner = outcome.owner.server;
    const auto* granted = std::get_if<model::SessionReply>(&outcome.reply.body);
    if (granted != nullptr) turn.timeout_ms = granted->timeout_ms;
  }
  turns_.push_back(turn);
}

void ServerProbe::OnApplied(const machine::Machine& machine) {
  const uint64_t index = machine.applied_index();
  const Order order = recorder_->Next();
  History& history = recorder_->history();
  history.applied.push_back({.server = server_.number,
                             .life = life(),
                             .order = order,
                             .index = index,
                             .term = machine.applied_term(),
                             .digest = machine.digest(),
                             .zxid = machine.last_zxid()});
  if (first_->IsNew(index)) {
    for (Changed& changed : changed_) {
      changed.order = order;
      const FirstApplied::Moment first = first_->Of(changed.zxid);
      changed.known = first.order;
      changed.known_us = first.at_us;
      if (recorder_->trace) {
        recorder_->Trace(json::NameOf(changed.kind), " ", changed.path, " at ",
                         model::ToHex(changed.zxid), " by session ", model::ToHex(changed.session));
      }
      changed.index = index;
      history.changed.push_back(std::move(changed));
    }
    for (SessionTurn& turn : turns_) {
      turn.order = order;
      turn.at_us = recorder_->NowUs();
      turn.index = index;
      turn.term = machine.applied_term();
      if (turn.kind == SessionTurn::Kind::kExpired) {
        recorder_->Trace("session ", model::ToHex(turn.session), " expires at entry ", index);
      }
      history.session_turns.push_back(turn);
    }
    first_->Done(index);
  }
  changed_.clear();
  turns_.clear();
}

}  // namespace rookery::sim
