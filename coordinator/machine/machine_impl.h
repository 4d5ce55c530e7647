// The machine's parts put together. Private to this module.
#pragma once

#include <string>
#include <vector>

#include "coordinator/machine/container_table.h"
#include "coordinator/machine/machine.h"
#include "coordinator/machine/state.h"
#include "coordinator/machine/ticket_table.h"
#include "coordinator/machine/zxid_clock.h"
#include "coordinator/session/table/session_table.h"
#include "coordinator/tree/operations.h"
#include "coordinator/wire/log_entry.h"

namespace rookery::machine {

class MachineImpl final : public Machine {
 public:
  MachineImpl(store::NodeStore* store, Founding founding, MemberRules rules);

  absl::Status Recover() override;
  void SetChangeSink(model::ChangeSink* sink) override { sink_ = sink; }
  void BeginEntry(uint64_t index, uint64_t term, std::string bytes) override;
  void BeginLeader(uint64_t index, uint64_t term) override;
  void BeginConfiguration(uint64_t index, uint64_t term, std::string configuration,
                          std::string context) override;
  Step Next(Outcome* outcome) override;
  const store::LoadSet& Missing() const override { return missing_; }
  void SaveRows() override;
  store::LoadSet Touches(absl::string_view entry_bytes) const override;
  bool Read(const model::ReadOperation& operation, const model::Credentials& credentials,
            model::Reply* reply) override;

  uint64_t applied_index() const override { return state_.applied_index; }
  uint64_t applied_term() const override { return state_.applied_term; }
  model::Zxid last_zxid() const override { return zxids_.last(); }
  uint32_t epoch() const override { return zxids_.epoch(); }
  uint64_t digest() const override { return state_.node_digest + sessions_.digest(); }
  uint32_t level() const override { return state_.level; }
  bool preloaded() const override { return state_.preloaded; }
  uint64_t node_count() const override { return state_.node_count; }
  uint64_t ephemeral_count() const override { return sessions_.ephemeral_count(); }
  uint64_t data_bytes() const override { return state_.data_bytes; }
  uint64_t container_count() const override { return containers_.size(); }
  uint64_t session_count() const override { return sessions_.sessions().size(); }
  const std::string& configuration() const override { return state_.configuration; }
  const std::string& members() const override { return state_.members; }
  const SessionView* FindSession(model::SessionId id) const override;
  std::vector<SessionView> Sessions() const override;
  std::vector<std::string> EphemeralsOf(model::SessionId id) const override;
  std::vector<EmptyContainer> EmptyContainers(int64_t unused_before_ms,
                                              size_t count_max) const override {
    return containers_.Empty(unused_before_ms, count_max);
  }
  uint64_t LastTicket(model::ServerId server, uint64_t incarnation) const override;
  uint64_t Incarnation(model::ServerId server) const override;

 private:
  absl::Status RecoverState();
  void Found();
  void Begin(uint64_t index, uint64_t term);
  void Finish();

  // One step of each kind of entry; kFinished when there is none left.
  Step StepOf(wire::Batch& batch, Outcome* outcome);
  Step StepOf(wire::GrantIncarnation& grant, Outcome* outcome);
  Step StepOf(wire::ExpireSessions& expire, Outcome* outcome);
  Step StepOf(wire::Preload& preload, Outcome* outcome);
  Step StepOf(wire::SetMemberRow& row, Outcome* outcome);
  Step StepOf(wire::DeleteContainers& gone, Outcome* outcome);

  // apply_request.cc: false if a node was not in memory; nothing was changed then.
  bool ApplyRequest(const model::WriteRequest& request, Outcome* outcome);
  bool ApplyToTree(const model::WriteRequest& request, Outcome* outcome);
  bool ApplyClose(model::SessionId id, Outcome* outcome);
  void ApplyOpen(const model::WriteRequest& request, Outcome* outcome);
  void ApplyAttach(const model::WriteRequest& request, Outcome* outcome);
  // kOk if the request may speak for its session.
  model::ErrorCode CheckSession(const model::WriteRequest& request) const;
  // Takes the overlay's changes into the store, the digest, the counters and the tables.
  void Commit(tree::Overlay& overlay);
  // Who goes with whom: `old` and `now` are null where there is no node.
  void FollowOwner(const std::string& path, const store::Node* old, const store::Node* now);
  // `before` and `after` are null where there is no node.
  void Tell(const std::string& path, const store::Node* before, const store::Node* after);

  store::NodeStore* const store_;
  const Founding founding_;
  const MemberRules rules_;
  model::ChangeSink* sink_ = nullptr;  // may be null
  State state_;
  ZxidClock zxids_;
  TicketTable tickets_;
  session::SessionTable sessions_;
  ContainerTable containers_;
  mutable SessionView view_;  // what FindSession hands out

  // The item under application.
  bool busy_ = false;
  uint64_t index_ = 0;
  uint64_t term_ = 0;
  wire::LogEntry entry_;
  bool has_entry_ = false;
  size_t run_ = 0;      // of a batch
  size_t request_ = 0;  // of the run, or of the entry's list
  store::LoadSet missing_;
};

}  // namespace rookery::machine
