// When the state goes to disk: flushes, checkpoints, frozen views, and the replacement of all of it
// by a checkpoint of another server (DESIGN section 4). Drives the store; the caller says when it
// stands between two entries.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "coordinator/base/clock.h"
#include "coordinator/base/durations.h"
#include "coordinator/base/random.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/machine/machine.h"
#include "coordinator/service/options.h"
#include "coordinator/service/service.h"
#include "coordinator/store/node_store.h"

namespace rookery::service {

// A checkpoint for somebody outside, and what the state counted then.
struct BackupCheckpoint {
  consensus::Manifest manifest;
  model::Zxid zxid = 0;
  uint64_t nodes = 0;
  uint64_t sessions = 0;
};
using OnBackup = absl::AnyInvocable<void(absl::StatusOr<BackupCheckpoint>)>;

class StateKeeper {
 public:
  StateKeeper(const Options& options, Random* random, const Clock* clock, machine::Machine* machine,
              store::NodeStore* store, consensus::Consensus* consensus,
              std::function<void(absl::Status)> fail);
  ~StateKeeper() { *alive_ = false; }

  // An entry of so many bytes was applied.
  void OnApplied(uint64_t entry_bytes) { flush_bytes_ += entry_bytes; }
  // Begins what is due. REQUIRES: called between two entries.
  void BetweenEntries();
  // Somebody needs a checkpoint newer than the newest.
  void WantCheckpoint() { checkpoint_wanted_ = true; }
  // A checkpoint that was made here is damaged: it goes, and another is made, of the same entry
  // too.
  void DropUnusable(const std::string& name);
  // Opens a view at the next point between two entries.
  void OpenView(absl::AnyInvocable<void(absl::StatusOr<Service::FrozenTree>)> done) {
    views_.push_back(std::move(done));
  }
  bool ViewWanted() const { return !views_.empty(); }
  // Makes a checkpoint of its own at the next point between two entries. Whoever asked drops it, by
  // the name in the manifest.
  void BackUp(OnBackup done) { backups_.push_back(std::move(done)); }

  // Replaces the state, after what is under way has ended; `done` is called with the machine
  // recovered and its digest as the manifest says. Nothing may be applied until then.
  void Install(consensus::Manifest manifest, std::string directory,
               absl::AnyInvocable<void(absl::Status)> done);

  uint64_t flushes() const { return flushes_; }
  uint64_t checkpoints() const { return checkpoints_; }
  uint64_t unusable_checkpoints() const { return unusable_checkpoints_; }
  const Durations& checkpoint_times() const { return checkpoint_times_; }

 private:
  struct Installation {
    consensus::Manifest manifest;
    std::string directory;
    absl::AnyInvocable<void(absl::Status)> done;
  };

  void Flush();
  void FlushFailed(const absl::Status& status);
  void OnFlushed(uint64_t index, absl::Status status);
  void Checkpoint();
  void MakeBackup();
  void OnCheckpoint(consensus::Manifest manifest, absl::StatusOr<std::string> directory);
  void OpenViews();
  void InstallIfIdle();
  void OnInstalled(absl::Status status);
  // Of the state as it stands.
  consensus::Manifest MakeManifest() const;

  const Options& options_;
  Random* const random_;
  const Clock* const clock_;
  machine::Machine* const machine_;
  store::NodeStore* const store_;
  consensus::Consensus* const consensus_;
  const std::function<void(absl::Status)> fail_;

  uint64_t flush_bytes_ = 0;       // applied since the last flush began
  uint64_t checkpoint_bytes_ = 0;  // flushed since the last checkpoint
  bool checkpoint_wanted_ = false;
  uint64_t checkpoint_index_ = 0;  // of the newest
  bool writing_ = false;           // a flush or a checkpoint is under way
  int views_opening_ = 0;
  std::deque<std::string> names_;  // of checkpoints made by this process, oldest first
  std::deque<absl::AnyInvocable<void(absl::StatusOr<Service::FrozenTree>)>> views_;
  std::deque<OnBackup> backups_;
  uint64_t backups_made_ = 0;
  std::unique_ptr<Installation> installation_;
  bool installing_ = false;
  uint64_t flushes_ = 0;
  uint64_t checkpoints_ = 0;
  uint64_t unusable_checkpoints_ = 0;
  int64_t checkpoint_since_us_ = 0;  // of the one under way
  Durations checkpoint_times_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::service
