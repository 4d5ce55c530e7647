#include "coordinator/service/state_keeper.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/plant.h"
#include "coordinator/consensus/members.h"

namespace rookery::service {

StateKeeper::StateKeeper(const Options& options, Random* random, const Clock* clock,
                         machine::Machine* machine, store::NodeStore* store,
                         consensus::Consensus* consensus, std::function<void(absl::Status)> fail)
    : options_(options),
      random_(random),
      clock_(clock),
      machine_(machine),
      store_(store),
      consensus_(consensus),
      fail_(std::move(fail)) {}

void StateKeeper::BetweenEntries() {
  if (installation_ != nullptr) return;
  if (!views_.empty()) OpenViews();
  if (writing_) return;
  if (!backups_.empty()) return MakeBackup();
  if (checkpoint_wanted_ || store_->FlushDue(flush_bytes_)) Flush();
}

consensus::Manifest StateKeeper::MakeManifest() const {
  consensus::Manifest manifest{
      .index = machine_->applied_index(),
      .term = machine_->applied_term(),
      .name = absl::StrFormat("checkpoint-%020d", machine_->applied_index()),
      .digest = machine_->digest()};
  absl::StatusOr<consensus::Configuration> configuration =
      consensus::DecodeConfiguration(machine_->configuration());
  if (configuration.ok()) {
    manifest.configuration = *std::move(configuration);
    if (ROOKERY_PLANTED(kSnapshotConfiguration)) {
      auto& learners = manifest.configuration.learners;
      for (const auto id : std::exchange(learners, {})) {
        manifest.configuration.voters.push_back(id);
      }
    }
  } else {
    fail_(configuration.status());
  }
  return manifest;
}

void StateKeeper::DropUnusable(const std::string& name) {
  LogWarn("a checkpoint of this server is damaged: dropping it and making another",
          {{"name", name}});
  std::erase(names_, name);
  store_->DropCheckpoint(name);
  ++unusable_checkpoints_;
  checkpoint_index_ = 0;
  checkpoint_wanted_ = true;
}

void StateKeeper::Flush() {
  checkpoint_bytes_ += flush_bytes_;
  flush_bytes_ = 0;
  machine_->SaveRows();
  if (checkpoint_wanted_ || checkpoint_bytes_ >= options_.checkpoint_log_bytes) {
    Checkpoint();
    return;
  }
  writing_ = true;
  store_->Flush([this, alive = alive_, index = machine_->applied_index()](absl::Status status) {
    if (*alive) OnFlushed(index, std::move(status));
  });
}

void StateKeeper::FlushFailed(const absl::Status& status) {
  fail_(absl::Status(status.code(),
                     absl::StrCat("flush of the state failed: ", status.message(),
                                  "; nothing after it can be trusted, check the disk")));
}

void StateKeeper::OnFlushed(uint64_t index, absl::Status status) {
  writing_ = false;
  if (!status.ok()) return FlushFailed(status);
  ++flushes_;
  consensus_->StateFlushed(index);
  InstallIfIdle();
}

void StateKeeper::Checkpoint() {
  checkpoint_wanted_ = false;
  checkpoint_bytes_ = 0;
  consensus::Manifest manifest = MakeManifest();
  if (manifest.index == checkpoint_index_) return;  // nothing was applied since
  checkpoint_index_ = manifest.index;
  // Whoever has a part of the damaged one must not take this for it.
  if (unusable_checkpoints_ > 0) absl::StrAppend(&manifest.name, "-", unusable_checkpoints_);
  writing_ = true;
  checkpoint_since_us_ = clock_->NowUs();
  const std::string name = manifest.name;
  store_->Checkpoint(name, [this, alive = alive_, manifest = std::move(manifest)](
                               absl::StatusOr<std::string> directory) mutable {
    if (*alive) OnCheckpoint(std::move(manifest), std::move(directory));
  });
}

void StateKeeper::OnCheckpoint(consensus::Manifest manifest,
                               absl::StatusOr<std::string> directory) {
  writing_ = false;
  if (!directory.ok()) {
    return fail_(absl::Status(directory.status().code(),
                              absl::StrCat("checkpoint ", manifest.name, " failed: ",
                                           directory.status().message(), "; check the disk")));
  }
  ++flushes_;
  ++checkpoints_;
  checkpoint_times_.Add(clock_->NowUs() - checkpoint_since_us_);
  LogInfo("checkpoint made", {{"name", manifest.name}});
  consensus_->StateFlushed(manifest.index);
  consensus_->CheckpointTaken(manifest);
  names_.push_back(manifest.name);
  while (names_.size() > options_.checkpoints_kept) {
    store_->DropCheckpoint(names_.front());
    names_.pop_front();
  }
  InstallIfIdle();
}

void StateKeeper::MakeBackup() {
  checkpoint_bytes_ += flush_bytes_;
  flush_bytes_ = 0;
  machine_->SaveRows();
  BackupCheckpoint backup{.manifest = MakeManifest(),
                          .zxid = machine_->last_zxid(),
                          .nodes = machine_->node_count(),
                          .sessions = machine_->session_count()};
  backup.manifest.name =
      absl::StrFormat("backup-%020d-%d", machine_->applied_index(), ++backups_made_);
  writing_ = true;
  const std::string name = backup.manifest.name;
  store_->Checkpoint(
      name, [this, alive = alive_, backup = std::move(backup),
             done = std::move(backups_.front())](absl::StatusOr<std::string> directory) mutable {
        if (!*alive) return;
        writing_ = false;
        if (!directory.ok()) {
          done(directory.status());
          return fail_(absl::Status(
              directory.status().code(),
              absl::StrCat("checkpoint ", backup.manifest.name,
                           " failed: ", directory.status().message(), "; check the disk")));
        }
        ++flushes_;
        consensus_->StateFlushed(backup.manifest.index);
        done(std::move(backup));
        InstallIfIdle();
      });
  backups_.pop_front();
}

void StateKeeper::OpenViews() {
  // A view begins with a flush, which needs the rows.
  machine_->SaveRows();
  while (!views_.empty()) {
    ++views_opening_;
    store_->OpenView(
        [this, alive = alive_, zxid = machine_->last_zxid(), done = std::move(views_.front())](
            absl::StatusOr<std::shared_ptr<store::NodeStore::View>> view) mutable {
          const absl::Status status = view.status();
          if (status.ok()) {
            done(Service::FrozenTree{*std::move(view), zxid});
          } else {
            done(status);
          }
          if (!*alive) return;
          --views_opening_;
          // A view begins with a flush, and nothing may follow one that failed.
          if (!status.ok() && !absl::IsAborted(status)) return FlushFailed(status);
          InstallIfIdle();
        });
    views_.pop_front();
  }
}

void StateKeeper::Install(consensus::Manifest manifest, std::string directory,
                          absl::AnyInvocable<void(absl::Status)> done) {
  for (auto& view : std::exchange(views_, {})) {
    view(absl::UnavailableError("this server is replacing its state: try another server"));
  }
  for (auto& backup : std::exchange(backups_, {})) {
    backup(absl::UnavailableError("this server is replacing its state: try another server"));
  }
  installation_ = std::make_unique<Installation>(
      Installation{std::move(manifest), std::move(directory), std::move(done)});
  InstallIfIdle();
}

void StateKeeper::InstallIfIdle() {
  if (installation_ == nullptr || installing_) return;
  if (writing_ || views_opening_ > 0) return;
  installing_ = true;
  store_->Install(installation_->directory, [this, alive = alive_](absl::Status status) {
    if (*alive) OnInstalled(std::move(status));
  });
}

void StateKeeper::OnInstalled(absl::Status status) {
  if (status.ok()) status = machine_->Recover();
  const consensus::Manifest& manifest = installation_->manifest;
  if (status.ok() &&
      (machine_->applied_index() != manifest.index || machine_->digest() != manifest.digest)) {
    status = absl::DataLossError(absl::StrCat(
        "installed checkpoint ", manifest.name, " is not what its sender said: expected entry ",
        manifest.index, " with digest ", manifest.digest, ", found entry ",
        machine_->applied_index(), " with digest ", machine_->digest()));
  }
  installing_ = false;
  flush_bytes_ = checkpoint_bytes_ = 0;
  checkpoint_index_ = 0;
  names_.clear();  // they went with the old state
  const std::unique_ptr<Installation> installation = std::move(installation_);
  installation->done(status);
}

}  // namespace rookery::service
