// A simulated server's state: the base in memory (store/memory), with steps at which a process may
// end, damaged blocks that are noticed when they are read, and housekeeping that lags behind.
// Checkpoints lie where the server's checkpoint files are.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "coordinator/consensus/peer/memory_checkpoint_files.h"
#include "coordinator/store/base.h"
#include "coordinator/store/memory/memory_disk.h"
#include "tests/sim/edges/disk_gate.h"

namespace rookery::sim {

// What outlives the process: the states by name, and what of them is damaged.
struct DiskStates {
  std::shared_ptr<store::MemoryDisk> disk = std::make_shared<store::MemoryDisk>();
  struct Range {
    std::string begin, end;  // both included
  };
  std::string in_use;              // the state that was opened or adopted last
  std::set<std::string> unsynced;  // adopted from files that were not synced: a power failure
                                   // leaves nothing of them that can be opened
  uint64_t scans_across_install = 0;
  std::map<std::string, std::vector<Range>> damage;  // by name of the state
  // Whether something that is there is damaged. A block whose last key is gone when this is asked
  // is gone for good: keys that come again come in another.
  bool IsDamaged(const std::string& state);
  // Returns how many were lost.
  int LosePower();
  const Range* FindDamage(const std::string& state, absl::string_view begin,
                          absl::string_view end) const;
};

struct DiskBaseOptions {
  std::function<int64_t()> now_us;
  int64_t compaction_us = 1'000'000;  // between two runs of housekeeping, each takes 4 files
};

// Opens the state of that name as a process that starts does (store::CreateMemoryBase). Pointers
// outlive the base.
absl::StatusOr<std::shared_ptr<store::Base>> OpenDiskBase(
    DiskGate* gate, DiskStates* states, consensus::MemoryCheckpointFiles* checkpoints,
    const std::string& name, const DiskBaseOptions& options);

}  // namespace rookery::sim
