// The loop around the engine: time, messages and proposals in; what the engine wants written, sent
// and applied out. No I/O, one executor. Private to this folder.
//
// A turn: inputs are given to the engine as they come, and one task takes what it made of them
// (Pump), so that whatever arrived together is written and sent together.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/log/log_writer.h"
#include "coordinator/consensus/raft/backlog.h"
#include "coordinator/consensus/raft/barriers.h"
#include "coordinator/consensus/raft/engine.h"
#include "coordinator/consensus/raft/raft_consensus.h"

namespace rookery::consensus {

class RaftLoop final : public RaftConsensus, public PeersListener {
 public:
  RaftLoop(const RaftOptions& options, const RaftBoot& boot, const LogContents& contents,
           DurableMarkFile mark, const RaftParts& parts);
  ~RaftLoop() override;
  void Start();

  // Consensus.
  ProposeResult Propose(std::string bytes) override;
  void Barrier(int64_t deadline_us, Barriers::Done done) override;
  void Applied(uint64_t index) override;
  void CheckpointTaken(const Manifest& manifest) override;
  void StateFlushed(uint64_t flushed_index) override;
  bool SendToPeer(EngineId peer, std::string bytes) override;
  absl::Status ChangeMembers(const std::vector<MemberChange>& changes,
                             std::string context) override;
  absl::Status Transfer(EngineId to) override;
  consensus::Status GetStatus() const override;
  const Durations& LogWriteTimes() const override { return writer_.write_times(); }
  void Stop() override;
  void OnCheckpointSent(EngineId receiver, const std::string& name,
                        const absl::Status& outcome) override;

  // PeersListener.
  void OnEngineMessage(EngineId from, std::string bytes) override;
  void OnApplicationMessage(EngineId from, std::string bytes) override;
  void OnPeerConnected(EngineId peer, bool connected) override;
  void OnPeerLost(EngineId peer, PeerLoss why) override;

 private:
  using Delivery = absl::AnyInvocable<void()>;
  struct Message {
    EngineId to;
    uint32_t kind;
    std::string bytes;
  };
  // Messages of a Ready that wait until it is durable.
  struct Held {
    uint64_t number;
    Message message;
  };
  // A checkpoint that somebody offered, or that is being brought in and installed.
  struct Incoming {
    EngineId from = 0;
    Manifest manifest;
    std::string message;  // for the engine, once the files are here
    bool fetching = false;
    std::string directory;
    uint64_t number = 0;  // of the Ready that installs it; 0: it did not come yet
    LogWrite write;       // what that Ready wants written
    bool queued = false;  // `write` went to the writer, and later ones may follow
  };

  // loop.cc
  void SchedulePump();
  void Deliver(Delivery delivery);  // to the listener, in order, from a task
  void DeliverAll();
  void SetTick();
  void OnTick();
  void NoteStatus();
  void FinishBarriers();

  // loop_ready.cc
  void Pump();
  void Handle(const rc_ready_t& ready);
  LogWrite WriteOf(const rc_ready_t& ready) const;
  void Write(const rc_ready_t& ready);
  void HandOut(const rc_ready_t& ready);
  std::optional<Item> ItemOf(const rc_entry& entry);
  void ApplyConfiguration(const rc_entry& entry, Item* item);
  void OnDurable(uint64_t number);
  void ReleaseHeld();
  void Send(Message message);

  // loop_snapshot.cc
  void OnSnapshotMessage(EngineId from, std::string bytes);
  void FetchNext();
  void OnFetched(absl::StatusOr<std::string> directory);
  void Install(const rc_ready_t& ready);
  void OnInstalled(const absl::Status& status);
  void OnInstallDurable();
  bool SendSnapshot(Message message);
  void ReportSnapshot(EngineId to, bool ok);
  void WantCheckpoint();
  void CheckSnapshots(int64_t now_us);
  bool OfferAndKeepFrom(uint64_t keep_from);
  void Trim();

  // loop_election.cc
  void CampaignAfterNews(EngineId lost);
  void ScheduleCampaign(int64_t delay_us);
  void Campaign();
  void CampaignAtBoot();
  bool ConnectedToMajority() const;
  void HandOverIfDiskStalls(int64_t now_us);

  // loop_members.cc
  void LeaveJointConfiguration();
  absl::Status CheckChange(const MemberChange& change) const;

  bool IsInstalling() const { return incoming_.has_value() && incoming_->number != 0; }
  bool IsStalled() const { return IsInstalling() && !incoming_->queued; }
  bool IsLeader() const { return role_ == Role::kLeader; }

  const RaftOptions options_;
  const RaftParts parts_;
  Random random_;
  Engine engine_;
  DurableMarkFile mark_;
  LogWriter writer_;
  Barriers barriers_;

  // What is known of the group.
  Role role_ = Role::kFollower;
  EngineId leader_ = 0;
  bool leader_changed_ = false;  // since the listener was told
  uint64_t term_ = 0;
  bool leader_ready_ = false;
  Configuration configuration_;  // as of the last item handed out
  std::map<EngineId, bool> connected_;

  // Writing.
  HardState hard_state_;         // newest handed to the writer
  uint64_t last_number_ = 0;     // of the newest Ready
  uint64_t durable_number_ = 0;  // reported to the engine
  uint64_t term_number_ = 0;     // of the newest Ready that changed term or vote (R1)
  std::deque<Held> held_;        // rising numbers
  std::deque<std::pair<uint64_t, LogWrite>> stalled_;  // behind an installation

  // Applying.
  Backlog backlog_;
  uint64_t last_item_term_ = 0;

  // Checkpoints.
  std::optional<Incoming> incoming_;
  std::optional<Incoming> next_incoming_;  // offered meanwhile; only the newest counts
  std::map<EngineId, int64_t> outgoing_;   // R0e: until when the outcome of a sent one must come
  Manifest offered_;  // what the engine sends to who is too far behind; no name: none yet
  uint64_t checkpoint_index_ = 0;
  uint64_t flushed_index_ = 0;
  uint64_t kept_from_ = 0;
  int64_t wanted_us_ = 0;  // when a checkpoint was last asked for; 0: never

  // Elections.
  bool seen_leader_ = false;  // since the start
  EngineId lost_ = 0;         // whose loss the campaign under way is about
  int64_t last_news_us_ = 0;
  int campaigns_ = 0;  // since the news
  TimerId campaign_timer_ = 0;
  int64_t last_hand_over_us_ = 0;

  TimerId tick_timer_ = 0;
  bool pump_posted_ = false;
  std::deque<Delivery> deliveries_;
  bool delivery_posted_ = false;
  bool stopped_ = false;
  // Expires with the loop; tasks that outlive it look here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
