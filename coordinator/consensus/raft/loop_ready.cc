// What the engine made of its inputs: R0, R1 and R3 are kept here.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/logging.h"
#include "coordinator/consensus/raft/loop.h"

namespace rookery::consensus {

void RaftLoop::Pump() {
  barriers_.AskNow(parts_.clock->NowUs());
  while (engine_.HasReady()) Handle(engine_.Take());
  NoteStatus();
  barriers_.AskNow(parts_.clock->NowUs());
  FinishBarriers();
}

void RaftLoop::Handle(const rc_ready_t& ready) {
  last_number_ = ready.number;
  if (ready.has_soft_state != 0) {
    outgoing_.clear();  // the engine forgot them with its role
    leader_changed_ = leader_changed_ || ready.leader != leader_;
    leader_ = ready.leader;
  }
  const bool term_changed =
      ready.has_hard_state != 0 &&
      (ready.hard_state.term != hard_state_.term || ready.hard_state.vote != hard_state_.vote);
  if (term_changed) term_number_ = ready.number;
  // R1: a leader's messages may leave before its entries are durable, but not before its term is.
  const bool hold = term_number_ > durable_number_;
  for (size_t i = 0; i < ready.n_messages; ++i) {
    const rc_message& message = ready.messages[i];
    Message out{message.to, message.kind, BytesOf(message.bytes)};
    if (hold) {
      held_.push_back({ready.number, std::move(out)});
    } else {
      Send(std::move(out));
    }
  }
  for (size_t i = 0; i < ready.n_persisted_messages; ++i) {
    const rc_message& message = ready.persisted_messages[i];
    Message out{message.to, message.kind, BytesOf(message.bytes)};
    // R0a. An answer to a heartbeat says nothing of the log: held back by a slow disk, it would
    // only depose a leader that nobody can do better than (docs/adr/0004-slow-disks.md).
    if (out.kind == RC_MSG_HEARTBEAT_RESPONSE && !hold && !IsInstalling() &&
        ready.has_snapshot == 0) {
      Send(std::move(out));
    } else {
      held_.push_back({ready.number, std::move(out)});
    }
  }
  if (ready.has_hard_state != 0) {
    hard_state_ = {ready.hard_state.term, ready.hard_state.vote, ready.hard_state.commit};
  }
  HandOut(ready);
  for (size_t i = 0; i < ready.n_reads; ++i) {
    const rc_read_state& read = ready.reads[i];
    barriers_.OnAnswer(
        absl::string_view(reinterpret_cast<const char*>(read.context.p), read.context.n),
        read.index, parts_.clock->NowUs());
  }
  if (ready.has_snapshot != 0) {
    Install(ready);
  } else {
    Write(ready);
  }
}

LogWrite RaftLoop::WriteOf(const rc_ready_t& ready) const {
  LogWrite write;
  write.must_sync = ready.must_sync != 0;
  // A commit index alone is not worth a write: it goes along with the next entries, and one that is
  // lost is found again (R2).
  if (ready.n_entries > 0 || term_number_ == ready.number) write.hard_state = hard_state_;
  write.records.reserve(ready.n_entries);
  for (size_t i = 0; i < ready.n_entries; ++i) {
    const rc_entry& entry = ready.entries[i];
    write.records.push_back({.index = entry.index,
                             .term = entry.term,
                             .kind = entry.kind,
                             .data = BytesOf(entry.data),
                             .context = BytesOf(entry.context)});
  }
  return write;
}

void RaftLoop::Write(const rc_ready_t& ready) {
  if (IsStalled()) {
    stalled_.emplace_back(ready.number, WriteOf(ready));
    return;
  }
  // R0c: a Ready with nothing to write says something about earlier ones, so it waits for them.
  LogWrite write = WriteOf(ready);
  if (!write.hard_state.has_value() && write.records.empty() && writer_.idle()) {
    engine_.Call(rc_persisted, ready.number);
    durable_number_ = ready.number;
    ReleaseHeld();
    return;
  }
  writer_.Write(ready.number, std::move(write));
}

void RaftLoop::HandOut(const rc_ready_t& ready) {
  std::vector<Item> items;
  items.reserve(ready.n_committed);
  for (size_t i = 0; i < ready.n_committed; ++i) {
    if (std::optional<Item> item = ItemOf(ready.committed[i])) {
      backlog_.Add(item->index, item->bytes.size());
      items.push_back(*std::move(item));
    } else {
      backlog_.Skip(ready.committed[i].index);
    }
  }
  // Skipped entries that nothing stands before are applied by now.
  const uint64_t before = backlog_.applied();
  if (backlog_.Applied(before) != before) engine_.Call(rc_applied, backlog_.applied());
  if (items.empty()) return;
  Deliver(
      [this, items = std::move(items)]() mutable { parts_.listener->OnItems(std::move(items)); });
}

std::optional<Item> RaftLoop::ItemOf(const rc_entry& entry) {
  Item item;
  item.index = entry.index;
  item.term = entry.term;
  const bool first_of_term = entry.term > last_item_term_;
  last_item_term_ = std::max(last_item_term_, entry.term);
  if (entry.kind != RC_ENTRY_NORMAL) {
    ApplyConfiguration(entry, &item);
  } else if (entry.data.n == 0) {
    // A leader begins its term with an empty entry; any other is a change that the engine refused.
    if (!first_of_term) return std::nullopt;
    item.kind = Item::Kind::kLeaderStarted;
  } else {
    item.bytes = BytesOf(entry.data);
  }
  return item;
}

void RaftLoop::ApplyConfiguration(const rc_entry& entry, Item* item) {
  rc_conf after{};
  const int code = engine_.Call(rc_apply_conf, entry.kind, entry.data, &after);
  if (code == RC_BAD_BYTES) {
    EndProcess(absl::StrCat("log entry ", entry.index,
                            " should be a change of the configuration, but cannot be read"));
  }
  if (code != RC_OK) {
    // R7: the same on every server, so it changes nothing.
    LogWarn("a change of the configuration is not possible and changes nothing",
            {{"index", entry.index}});
  }
  configuration_ = FromEngine(after);
  item->kind = Item::Kind::kConfiguration;
  item->bytes = BytesOf(entry.context);
  item->configuration = configuration_;
  // R3: the engine would lead on, and answer reads alone.
  if (!configuration_.IsVoter(options_.id)) engine_.Call(rc_step_down);
}

void RaftLoop::OnDurable(uint64_t number) {
  if (stopped_ || number <= durable_number_) return;
  durable_number_ = number;
  engine_.Call(rc_persisted, number);
  if (IsInstalling() && incoming_->number <= number) {
    OnInstallDurable();
  }
  ReleaseHeld();
  Pump();
}

void RaftLoop::ReleaseHeld() {
  while (!held_.empty() && held_.front().number <= durable_number_) {
    Message message = std::move(held_.front().message);
    held_.pop_front();
    Send(std::move(message));
  }
}

void RaftLoop::Send(Message message) {
  const EngineId to = message.to;
  if (message.kind == RC_MSG_SNAPSHOT) {
    if (!SendSnapshot(std::move(message))) engine_.Call(rc_report_snapshot, to, uint8_t{0});
    return;
  }
  const bool append = message.kind == RC_MSG_APPEND;
  if (!parts_.peers->SendEngineMessage(to, std::move(message.bytes)) && append) {
    engine_.Call(rc_unreachable, to);
  }
}

}  // namespace rookery::consensus
