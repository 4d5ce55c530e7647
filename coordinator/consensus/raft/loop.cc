#include "coordinator/consensus/raft/loop.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/plant.h"
#include "coordinator/base/status_macros.h"

namespace rookery::consensus {
namespace {

EngineOptions EngineOptionsOf(const RaftOptions& options, uint64_t seed) {
  return {.id = options.id,
          .election_ticks = options.election_ticks,
          .heartbeat_ticks = options.heartbeat_ticks,
          .message_bytes_max = options.message_bytes_max,
          .messages_in_flight_max = options.messages_in_flight_max,
          .uncommitted_bytes_max = options.uncommitted_bytes_max,
          .committed_bytes_per_ready_max = options.committed_bytes_per_ready_max,
          .seed = seed};
}

// A checkpoint can be offered if the log goes on right behind it.
bool CanOffer(const Manifest& checkpoint, const RaftBoot& boot, const LogContents& contents) {
  const uint64_t first =
      contents.records.empty() ? boot.applied_index + 1 : contents.records.front().index;
  return checkpoint.index <= boot.applied_index && first <= checkpoint.index + 1;
}

EngineBoot EngineBootOf(const RaftBoot& boot, const LogContents& contents) {
  EngineBoot engine = {.applied = boot.applied_index,
                       .applied_term = boot.applied_term,
                       .configuration = boot.configuration,
                       .hard_state = contents.hard_state,
                       .records = &contents.records};
  if (ROOKERY_PLANTED(kForgottenVote)) engine.hard_state.vote = 0;
  if (boot.checkpoint.has_value() && CanOffer(*boot.checkpoint, boot, contents)) {
    engine.checkpoint = boot.checkpoint;
  }
  return engine;
}

}  // namespace

RaftLoop::RaftLoop(const RaftOptions& options, const RaftBoot& boot, const LogContents& contents,
                   DurableMarkFile mark, const RaftParts& parts)
    : options_(options),
      parts_(parts),
      random_(options.seed),
      engine_(EngineOptionsOf(options, random_.Next()), EngineBootOf(boot, contents), parts.core),
      mark_(mark),
      writer_(parts.core, parts.log_thread, parts.log, &mark_, parts.clock, contents,
              [this](uint64_t number) { OnDurable(number); }),
      barriers_(options.id, options.boot_id, options.tick_us * options.election_ticks / 2,
                [this](const std::string& context) {
                  return engine_.Call(rc_read_index, ViewOf(context)) == RC_OK;
                }),
      term_(contents.hard_state.term),
      configuration_(boot.configuration),
      hard_state_(contents.hard_state),
      backlog_(boot.applied_index),
      last_item_term_(boot.applied_term),
      flushed_index_(boot.applied_index) {
  offered_ = {
      .index = boot.applied_index, .term = boot.applied_term, .configuration = boot.configuration};
  if (boot.checkpoint.has_value()) {
    checkpoint_index_ = boot.checkpoint->index;
    if (CanOffer(*boot.checkpoint, boot, contents)) offered_ = *boot.checkpoint;
  }
}

RaftLoop::~RaftLoop() {
  Stop();
  *alive_ = false;
}

void RaftLoop::Start() {
  parts_.peers->SetListener(this);
  SetTick();
  CampaignAtBoot();
}

void RaftLoop::Stop() {
  if (stopped_) return;
  stopped_ = true;
  parts_.core->Cancel(tick_timer_);
  parts_.core->Cancel(campaign_timer_);
  parts_.peers->Stop();
  deliveries_.clear();
}

ProposeResult RaftLoop::Propose(std::string bytes) {
  ROOKERY_CHECK(!bytes.empty()) << "an empty entry means something else to the engine";
  if (stopped_ || !IsLeader()) return ProposeResult::kNotLeader;
  if (!leader_ready_ || backlog_.bytes() > options_.apply_backlog_bytes_max) {
    return ProposeResult::kBusy;
  }
  const rc_bytes view = ViewOf(bytes);
  switch (engine_.Call(rc_propose, &view, size_t{1})) {
    case RC_OK:
      SchedulePump();
      return ProposeResult::kAccepted;
    case RC_NOT_LEADER:
      return ProposeResult::kNotLeader;
    default:
      return ProposeResult::kBusy;
  }
}

void RaftLoop::Barrier(int64_t deadline_us, Barriers::Done done) {
  barriers_.Add(deadline_us, std::move(done));
  SchedulePump();
}

void RaftLoop::Applied(uint64_t index) {
  // What comes during an installation is about the state that is being replaced.
  if (stopped_ || IsInstalling()) return;
  const uint64_t before = backlog_.applied();
  if (backlog_.Applied(index) == before) return;
  engine_.Call(rc_applied, backlog_.applied());
  SchedulePump();
}

bool RaftLoop::SendToPeer(EngineId peer, std::string bytes) {
  return parts_.peers->SendApplicationMessage(peer, std::move(bytes));
}

consensus::Status RaftLoop::GetStatus() const {
  const rc_status_t engine = engine_.Status();
  consensus::Status status;
  status.self = options_.id;
  status.leader = engine.leader;
  status.role = role_;
  status.term = engine.term;
  status.commit_index = engine.commit;
  status.durable_index = engine.persisted;
  status.first_index = engine.first_index;
  status.cached_bytes = engine.cache_bytes;
  status.leader_ready = leader_ready_;
  status.configuration = configuration_;
  for (const rc_progress_t& row : engine_.Progress()) {
    if (row.id == options_.id) continue;
    const auto connected = connected_.find(row.id);
    status.peers.push_back({.id = row.id,
                            .matched_index = IsLeader() ? row.matched : 0,
                            .connected = connected != connected_.end() && connected->second,
                            .recently_active = row.recent_active != 0});
  }
  return status;
}

void RaftLoop::OnEngineMessage(EngineId from, std::string bytes) {
  if (stopped_) return;
  if (MessageKind(bytes) == RC_MSG_SNAPSHOT) {
    OnSnapshotMessage(from, std::move(bytes));
  } else {
    // Refused messages are late or meant for somebody else: the sender repeats what matters.
    engine_.Call(rc_step_from, ViewOf(bytes), from);
  }
#ifdef ROOKERY_PLANTS
  if (ROOKERY_PLANTED(kCommitByCounting)) engine_.Call(rc_plant_commit_by_counting);
#endif
  SchedulePump();
}

void RaftLoop::OnApplicationMessage(EngineId from, std::string bytes) {
  Deliver([this, from, bytes = std::move(bytes)] { parts_.listener->OnPeerMessage(from, bytes); });
}

void RaftLoop::OnPeerConnected(EngineId peer, bool connected) {
  if (stopped_) return;
  connected_[peer] = connected;
  Deliver([this, peer, connected] { parts_.listener->OnPeerConnected(peer, connected); });
  if (connected) {
    CampaignAtBoot();
  } else {
    if (IsLeader()) engine_.Call(rc_unreachable, peer);
    ReportSnapshot(peer, false);
  }
  SchedulePump();
}

void RaftLoop::OnPeerLost(EngineId peer, PeerLoss) {
  if (!stopped_ && peer == leader_) CampaignAfterNews(peer);
}

void RaftLoop::SetTick() {
  tick_timer_ = parts_.core->RunAfter(options_.tick_us, [this, alive = alive_] {
    if (*alive && !stopped_) OnTick();
  });
}

// One tick however late it comes: after a pause, missed ones would only depose a good leader.
void RaftLoop::OnTick() {
  const int64_t now_us = parts_.clock->NowUs();
  engine_.Call(rc_tick);
  barriers_.OnTick(now_us);
  CheckSnapshots(now_us);
  HandOverIfDiskStalls(now_us);
  LeaveJointConfiguration();
  SetTick();
  Pump();
}

void RaftLoop::SchedulePump() {
  if (pump_posted_ || stopped_) return;
  pump_posted_ = true;
  parts_.core->Post([this, alive = alive_] {
    if (!*alive) return;
    pump_posted_ = false;
    if (!stopped_) Pump();
  });
}

void RaftLoop::Deliver(Delivery delivery) {
  if (stopped_) return;
  deliveries_.push_back(std::move(delivery));
  if (delivery_posted_) return;
  delivery_posted_ = true;
  parts_.core->Post([this, alive = alive_] {
    if (*alive) DeliverAll();
  });
}

void RaftLoop::DeliverAll() {
  delivery_posted_ = false;
  std::deque<Delivery> deliveries = std::exchange(deliveries_, {});
  const std::shared_ptr<bool> alive = alive_;
  for (Delivery& delivery : deliveries) {
    if (!*alive || stopped_) return;
    delivery();
  }
}

void RaftLoop::FinishBarriers() {
  for (Barriers::Finished& one : barriers_.TakeFinished()) {
    Deliver([one = std::move(one)]() mutable { one.done(std::move(one.result)); });
  }
}

void RaftLoop::NoteStatus() {
  uint32_t role = 0;
  uint64_t term = 0, commit = 0, last_index = 0, snapshot_wanted = 0;
  engine_.Call(rc_brief, &role, &term, &commit, &last_index, &snapshot_wanted);
  const bool leads = role == RC_LEADER;
  if (leads && snapshot_wanted != 0) WantCheckpoint();
  // The leader may change without a change of the role, and rc_brief does not name it; Handle()
  // keeps leader_.
  const Role new_role = RoleOf(role);
  bool ready = leads && leader_ready_ && term == term_;
  if (leads && !ready) ready = engine_.Status().commit_in_term != 0;
  if (new_role == role_ && term == term_ && ready == leader_ready_ && !leader_changed_) return;
  if (term != term_ || new_role != role_ || leader_changed_) {
    barriers_.OnLeaderChanged(parts_.clock->NowUs());
  }
  role_ = new_role;
  term_ = term;
  leader_ready_ = ready;
  leader_changed_ = false;
  if (leader_ != 0) {
    seen_leader_ = true;
    parts_.core->Cancel(std::exchange(campaign_timer_, 0));
  }
  Deliver([this, status = GetStatus()] { parts_.listener->OnStatus(status); });
}

absl::StatusOr<std::unique_ptr<RaftConsensus>> StartRaft(const RaftOptions& options,
                                                         const RaftBoot& boot, LogContents contents,
                                                         const std::string& log_directory,
                                                         const RaftParts& parts) {
  DurableMarkFile mark(parts.files);
  ROOKERY_ASSIGN_OR_RETURN(const DurableMark durable, mark.Read());
  ROOKERY_RETURN_IF_ERROR(CheckAgainstMark(contents, durable, boot.applied_index, log_directory));
  const uint64_t first =
      contents.records.empty() ? contents.position.index + 1 : contents.records.front().index;
  if (first > boot.applied_index + 1) {
    return absl::DataLossError(absl::StrCat(
        "the log in ", log_directory, " begins at entry ", first, ", but the state stands at ",
        boot.applied_index, ": the state directory is not the one that the log names; ",
        "`rookery ensemble rejoin N` lets this server come back as a new member, a lone server ",
        "needs `rookery restore`"));
  }
  auto loop = std::make_unique<RaftLoop>(options, boot, contents, mark, parts);
  loop->Start();
  return loop;
}

}  // namespace rookery::consensus
