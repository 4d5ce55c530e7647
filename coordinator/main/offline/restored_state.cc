#include "coordinator/main/offline/restored_state.h"

#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"
#include "coordinator/machine/machine.h"
#include "coordinator/machine/state.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_store.h"
#include "coordinator/store/store_options.h"
#include "coordinator/wire/log_entry.h"

namespace rookery::offline {
namespace {

constexpr char kNextSessionRow[] = "n";  // session/table/session_table.cc
constexpr char kTicketRows[] = "t";      // machine/ticket_table.cc
constexpr size_t kSessionsPerEntry = 1000;

// Everything on one thread, in the order of posting; timers never come.
class Queue final : public Executor, public BackgroundExecutor {
 public:
  void Post(Task task) override { tasks_.push_back(std::move(task)); }
  void Run(Task task) override { tasks_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
  void RunAll() {
    for (; !tasks_.empty(); tasks_.pop_front()) std::move(tasks_.front())();
  }

 private:
  std::deque<Task> tasks_;
};

using Rows = std::map<std::string, std::optional<std::string>>;  // nullopt: to be deleted

absl::Status WriteRows(store::Base& base, const Rows& rows) {
  const std::unique_ptr<store::Base::Batch> batch = base.NewBatch();
  for (const auto& [key, value] : rows) {
    ROOKERY_RETURN_IF_ERROR(value.has_value() ? batch->Put(key, *value) : batch->Delete(key));
  }
  return batch->Commit();
}

absl::StatusOr<std::string> ReadRow(const store::Base& base, absl::string_view name) {
  std::vector<std::optional<std::string>> values;
  ROOKERY_RETURN_IF_ERROR(base.MultiGet({store::RowKey(name)}, &values));
  if (values[0].has_value()) return *std::move(values[0]);
  return absl::DataLossError(absl::StrCat("the state has no row '", name, "'"));
}

// Numbers far ahead; no tickets of servers that this ensemble does not have.
absl::Status MoveAhead(store::Base& base) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string state_row, ReadRow(base, machine::kStateRow));
  ROOKERY_ASSIGN_OR_RETURN(machine::State state, machine::DecodeState(state_row));
  const auto epoch = static_cast<uint64_t>(state.last_zxid) >> 32;
  if (epoch + kEpochsAhead > INT32_MAX) {
    return absl::FailedPreconditionError("the epochs of this backup are used up");
  }
  // The leader's start of the entries that follow opens the next one.
  state.last_zxid = static_cast<int64_t>((epoch + kEpochsAhead - 1) << 32);
  ROOKERY_ASSIGN_OR_RETURN(const std::string next_row, ReadRow(base, kNextSessionRow));
  VarintReader in(next_row);
  const auto next = static_cast<int64_t>(in.Fixed64()) + kSessionsAhead;
  if (!in.AtEnd()) return absl::DataLossError("the row of the next session id is damaged");
  std::string next_id;
  PutFixed64(static_cast<uint64_t>(next), &next_id);
  Rows rows;
  rows[store::RowKey(machine::kStateRow)] = machine::EncodeState(state);
  rows[store::RowKey(kNextSessionRow)] = next_id;
  const std::string tickets = store::RowKey(kTicketRows);
  ROOKERY_RETURN_IF_ERROR(base.TakeSnapshot()->Scan(tickets, store::AfterPrefix(tickets),
                                                    [&](absl::string_view key, absl::string_view) {
                                                      rows[std::string(key)] = std::nullopt;
                                                      return true;
                                                    }));
  return WriteRows(base, rows);
}

// The machine itself ends the sessions, so that every number of the parents' follows.
class Player {
 public:
  Player(const std::shared_ptr<store::Base>& base, Queue* queue)
      : queue_(queue),
        store_(store::CreateNodeStore({}, base, {.core = queue, .load = queue, .flush = queue},
                                      &SystemClock())),
        machine_(machine::CreateMachine(store_.get(), {}, {})) {}

  absl::StatusOr<Restored> EndSessions(int64_t time_ms) {
    ROOKERY_RETURN_IF_ERROR(machine_->Recover());
    Restored restored;
    restored.sessions_ended = machine_->session_count();
    restored.ephemerals_removed = machine_->ephemeral_count();
    machine_->BeginLeader(machine_->applied_index() + 1, machine_->applied_term());
    ROOKERY_RETURN_IF_ERROR(ApplyAll());
    const std::vector<machine::SessionView> sessions = machine_->Sessions();
    for (size_t at = 0; at < sessions.size(); at += kSessionsPerEntry) {
      wire::ExpireSessions expire;
      for (size_t i = at; i < std::min(at + kSessionsPerEntry, sessions.size()); ++i) {
        expire.sessions.push_back({sessions[i].id, sessions[i].attach_count});
      }
      machine_->BeginEntry(machine_->applied_index() + 1, machine_->applied_term(),
                           wire::EncodeLogEntry({.time_ms = time_ms, .body = std::move(expire)}));
      ROOKERY_RETURN_IF_ERROR(ApplyAll());
    }
    restored.nodes = machine_->node_count();
    machine_->SaveRows();
    absl::Status flushed = absl::InternalError("the flush did not end");
    store_->Flush([&flushed](absl::Status status) { flushed = std::move(status); });
    queue_->RunAll();
    ROOKERY_RETURN_IF_ERROR(flushed);
    return restored;
  }

 private:
  absl::Status ApplyAll() {
    while (true) {
      machine::Outcome outcome;
      const machine::Step step = machine_->Next(&outcome);
      if (step == machine::Step::kFinished) return absl::OkStatus();
      if (step == machine::Step::kOutcome) {
        pins_.clear();
        continue;
      }
      absl::Status loaded = absl::InternalError("the load did not end");
      pins_.push_back(store_->Load(machine_->Missing(),
                                   [&loaded](absl::Status status) { loaded = std::move(status); }));
      queue_->RunAll();
      ROOKERY_RETURN_IF_ERROR(loaded);
    }
  }

  Queue* const queue_;
  const std::unique_ptr<store::NodeStore> store_;
  const std::unique_ptr<machine::Machine> machine_;
  std::vector<std::unique_ptr<store::Pin>> pins_;  // of the request in turn
};

// The place in the old ensemble's log, and who belonged to it.
absl::Status ForgetOldEnsemble(store::Base& base) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string row, ReadRow(base, machine::kStateRow));
  ROOKERY_ASSIGN_OR_RETURN(machine::State state, machine::DecodeState(row));
  state.applied_index = state.applied_term = 0;
  state.configuration.clear();
  state.members.clear();
  return WriteRows(base, {{store::RowKey(machine::kStateRow), machine::EncodeState(state)}});
}

}  // namespace

absl::StatusOr<Restored> MakeFoundable(const std::shared_ptr<store::Base>& base, int64_t time_ms) {
  ROOKERY_RETURN_IF_ERROR(MoveAhead(*base));
  Queue queue;
  absl::StatusOr<Restored> restored;
  {
    Player player(base, &queue);
    restored = player.EndSessions(time_ms);
  }
  queue.RunAll();
  ROOKERY_RETURN_IF_ERROR(restored.status());
  ROOKERY_RETURN_IF_ERROR(ForgetOldEnsemble(*base));
  return restored;
}

}  // namespace rookery::offline
