// A simulated server's checkpoints, its own and those that it receives, and how they are damaged.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "coordinator/consensus/peer/memory_checkpoint_files.h"
#include "tests/sim/edges/disk_gate.h"

namespace rookery::sim {

class DiskCheckpoints final : public consensus::MemoryCheckpointFiles {
 public:
  enum class Damage { kFlip, kMissingFile };

  explicit DiskCheckpoints(DiskGate* gate);

  // In the newest one that is whole. A block with a flipped bit does not pass its checksum when it
  // is read as a table: the model cuts it short instead. False: there is none.
  bool DamageNewest(Damage how);
  // In the next one that is received, between its last byte and the look at what came.
  void DamageNextReceived(Damage how) { next_received_ = how; }
  // The trap is taken away.
  void Mend() { next_received_.reset(); }

  // Received files that came out wrong and were thrown away.
  uint64_t refused() const { return refused_; }

  // What is called when a received one has got its name: it is about to be installed.
  void SetOnReceived(std::function<void()> on_received) { on_received_ = std::move(on_received); }

  absl::Status Truncate(const std::string& directory, const std::string& file,
                        uint64_t size) override;
  absl::Status Sync(const std::string& directory) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& directory) override;
  void Drop(const std::string& directory) override;

 private:
  bool DamageOne(const std::string& directory, Damage how);

  DiskGate* const gate_;
  std::optional<Damage> next_received_;
  std::set<std::string> damaged_;           // made here
  std::set<std::string> damaged_received_;  // under way
  uint64_t refused_ = 0;
  std::function<void()> on_received_;
};

}  // namespace rookery::sim
