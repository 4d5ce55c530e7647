// Checkpoints: bringing one in and installing it, sending one, trimming the log behind them.
//
// The files of an offered checkpoint are fetched before the engine sees the message, so that it
// goes on voting and answering meanwhile; R4 then covers the short time of the installation.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/fatal.h"
#include "coordinator/base/logging.h"
#include "coordinator/consensus/manifest.h"
#include "coordinator/consensus/members.h"
#include "coordinator/consensus/raft/loop.h"

namespace rookery::consensus {
namespace {

constexpr int64_t kAskAgainUs = 1'000'000;

}  // namespace

void RaftLoop::OnSnapshotMessage(EngineId from, std::string bytes) {
  absl::StatusOr<Manifest> manifest = ManifestOf(bytes);
  if (!manifest.ok()) {
    LogWarn("refusing a checkpoint", {{"from", from}, {"why", manifest.status().message()}});
    return;
  }
  Incoming offer{.from = from, .manifest = *std::move(manifest), .message = std::move(bytes)};
  if (incoming_.has_value() && !IsInstalling() && incoming_->from == from &&
      incoming_->manifest.name == offer.manifest.name) {
    incoming_->message = std::move(offer.message);  // the same again, perhaps of a newer term
    return;
  }
  next_incoming_ = std::move(offer);
  FetchNext();
}

void RaftLoop::FetchNext() {
  if (incoming_.has_value() || !next_incoming_.has_value()) return;
  Incoming offer = *std::exchange(next_incoming_, std::nullopt);
  if (offer.manifest.index <= engine_.Status().commit) {
    // Nothing is missing here; the engine says so to the sender.
    engine_.Call(rc_step_from, ViewOf(offer.message), offer.from);
    SchedulePump();
    return;
  }
  LogInfo("too far behind for the log: fetching a checkpoint",
          {{"from", offer.from}, {"name", offer.manifest.name}, {"index", offer.manifest.index}});
  incoming_ = std::move(offer);
  parts_.checkpoints->Fetch(incoming_->from, incoming_->manifest,
                            [this, alive = alive_](absl::StatusOr<std::string> directory) {
                              if (*alive && !stopped_) OnFetched(std::move(directory));
                            });
}

void RaftLoop::OnFetched(absl::StatusOr<std::string> directory) {
  if (!directory.ok()) {
    LogWarn("fetching a checkpoint failed",
            {{"name", incoming_->manifest.name}, {"why", directory.status().message()}});
    incoming_.reset();
    return FetchNext();
  }
  incoming_->directory = *std::move(directory);
  engine_.Call(rc_step_from, ViewOf(incoming_->message), incoming_->from);
  Pump();
  if (IsInstalling()) return;
  // The engine has no use for it (any more): a newer term, or the log caught up by itself.
  parts_.checkpoints->Discard(incoming_->directory);
  incoming_.reset();
  FetchNext();
}

void RaftLoop::Install(const rc_ready_t& ready) {
  ROOKERY_CHECK(incoming_.has_value() && incoming_->manifest.index == ready.snapshot.index &&
                !incoming_->directory.empty())
      << "the engine wants to install a checkpoint that was not fetched: " << ready.snapshot.index;
  incoming_->number = ready.number;
  // Entries that follow the checkpoint may have come in the same turn.
  incoming_->write = WriteOf(ready);
  incoming_->write.hard_state = hard_state_;
  incoming_->manifest.term = ready.snapshot.term;
  incoming_->manifest.configuration = FromEngine(ready.snapshot.conf);
  configuration_ = incoming_->manifest.configuration;
  last_item_term_ = ready.snapshot.term;
  Deliver([this] {
    parts_.listener->OnInstall(incoming_->manifest, incoming_->directory,
                               [this, alive = alive_](absl::Status status) {
                                 if (*alive && !stopped_) OnInstalled(status);
                               });
  });
}

void RaftLoop::OnInstalled(const absl::Status& status) {
  if (!status.ok()) {
    EndProcess(absl::StrCat("the checkpoint in ", incoming_->directory,
                            " cannot be installed: ", status.message()));
  }
  // One atomic step: the name of the state, what it stands for, and only what follows it as the
  // log.
  LogWrite write = std::move(incoming_->write);
  write.must_sync = true;
  write.position =
      LogPosition{.index = incoming_->manifest.index,
                  .term = incoming_->manifest.term,
                  .configuration = EncodeConfiguration(incoming_->manifest.configuration),
                  .state_directory = parts_.state_directory()};
  incoming_->queued = true;
  writer_.Write(incoming_->number, std::move(write));
  for (auto& [number, stalled] : std::exchange(stalled_, {})) {
    writer_.Write(number, std::move(stalled));
  }
}

void RaftLoop::OnInstallDurable() {
  const Incoming done = *std::exchange(incoming_, std::nullopt);
  engine_.Call(rc_applied, done.manifest.index);
  backlog_.Install(done.manifest.index);
  // The engine would offer this checkpoint under the name that it has at its maker's.
  offered_ = done.manifest;
  offered_.name.clear();
  checkpoint_index_ = flushed_index_ = kept_from_ = done.manifest.index;
  LogInfo("checkpoint installed", {{"index", done.manifest.index}, {"from", done.from}});
  parts_.checkpoints->Installed(done.directory);
  FetchNext();
}

bool RaftLoop::SendSnapshot(Message message) {
  if (offered_.name.empty()) {
    WantCheckpoint();
    return false;
  }
  const EngineId to = message.to;
  if (!parts_.peers->SendEngineMessage(to, std::move(message.bytes))) return false;
  outgoing_[to] = parts_.clock->NowUs() + options_.snapshot_timeout_us;
  return true;
}

void RaftLoop::OnCheckpointSent(EngineId receiver, const std::string& name,
                                const absl::Status& outcome) {
  if (stopped_) return;
  const bool unusable = absl::IsDataLoss(outcome) || absl::IsNotFound(outcome);
  if (unusable && name == offered_.name) {
    // Everybody would refuse it, and in an idle group no newer one comes by itself.
    offered_.name.clear();
    wanted_us_ = parts_.clock->NowUs();
    Deliver([this, name] { parts_.listener->OnCheckpointUnusable(name); });
  }
  ReportSnapshot(receiver, outcome.ok());
  SchedulePump();
}

void RaftLoop::ReportSnapshot(EngineId to, bool ok) {
  if (outgoing_.erase(to) == 0) return;
  engine_.Call(rc_report_snapshot, to, static_cast<uint8_t>(ok ? 1 : 0));
}

void RaftLoop::CheckSnapshots(int64_t now_us) {
  std::vector<EngineId> late;
  for (const auto& [to, deadline_us] : outgoing_) {
    if (deadline_us <= now_us) late.push_back(to);
  }
  for (const EngineId to : late) ReportSnapshot(to, false);
}

void RaftLoop::WantCheckpoint() {
  const int64_t now_us = parts_.clock->NowUs();
  if (wanted_us_ != 0 && now_us - wanted_us_ < kAskAgainUs) return;
  wanted_us_ = now_us;
  Deliver([this] { parts_.listener->OnCheckpointWanted(); });
}

void RaftLoop::CheckpointTaken(const Manifest& manifest) {
  if (stopped_ || IsInstalling() || manifest.index > backlog_.applied()) return;
  // What the engine has to say about the old one goes first.
  Pump();
  checkpoint_index_ = std::max(checkpoint_index_, manifest.index);
  // At the same index too: what stands there may have no name yet, and a group that cannot commit
  // before somebody gets a checkpoint comes no further.
  if (manifest.index >= offered_.index) {
    offered_ = manifest;
    ROOKERY_CHECK(OfferAndKeepFrom(0)) << "the engine refused the checkpoint at " << manifest.index;
  }
  Trim();
  SchedulePump();
}

bool RaftLoop::OfferAndKeepFrom(uint64_t keep_from) {
  const std::string data = EncodeManifest(offered_);
  const rc_snapshot snapshot = {.index = offered_.index,
                                .term = offered_.term,
                                .conf = ToEngine(offered_.configuration),
                                .data = ViewOf(data)};
  return engine_.Call(rc_compact, &snapshot, keep_from) == RC_OK;
}

void RaftLoop::StateFlushed(uint64_t flushed_index) {
  flushed_index_ = std::max(flushed_index_, flushed_index);
  if (!stopped_ && !IsInstalling()) Trim();
}

// The log keeps a tail behind the newest checkpoint, bounded in entries and in bytes, and at least
// one entry, which says where it ends.
void RaftLoop::Trim() {
  const uint64_t limit =
      std::min({checkpoint_index_, flushed_index_, backlog_.applied(), offered_.index});
  const rc_status_t status = engine_.Status();
  const uint64_t entry_bytes = status.cache_bytes / std::max<uint64_t>(status.cache_entries, 1) + 1;
  const uint64_t tail = std::min(options_.tail_entries, options_.tail_bytes_max / entry_bytes);
  if (limit <= tail) return;
  const uint64_t keep_from = limit - tail;
  // In steps: each costs the log a tombstone.
  if (keep_from < kept_from_ + std::max<uint64_t>(tail / 8, 1)) return;
  if (!OfferAndKeepFrom(keep_from)) return;
  kept_from_ = keep_from;
  writer_.Trim(keep_from);
}

}  // namespace rookery::consensus
