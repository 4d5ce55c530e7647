// Everything durable of one simulated server, and what may befall it. It outlives the processes
// that run on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/sim/edges/disk_base.h"
#include "tests/sim/edges/disk_checkpoints.h"
#include "tests/sim/edges/disk_files.h"
#include "tests/sim/edges/disk_gate.h"
#include "tests/sim/edges/disk_log.h"

namespace rookery::sim {

class SimDisk {
 public:
  explicit SimDisk(uint64_t seed);

  DiskGate& gate() { return gate_; }
  DiskFiles* files() { return &files_; }
  DiskLog* log() { return &log_; }
  DiskCheckpoints* checkpoints() { return &checkpoints_; }
  absl::StatusOr<std::shared_ptr<store::Base>> OpenBase(const std::string& name,
                                                        const DiskBaseOptions& options);

  // What a process that starts does first, as coordinator/main does: checkpoints of an earlier life
  // are offered to nobody.
  void RemoveOldCheckpoints();

  // What was not synced is lost or torn. Returns how many pieces.
  int LosePower();
  // An empty disk in its place.
  void Wipe();
  // A bit flips; false: there is nothing yet. Nor does one in a log whose mark a power failure has
  // set back, and none sets back the mark of such a log: that together slips past the mark, as
  // durable_mark.h says.
  bool FlipLog();
  bool FlipState();
  // Whether something is damaged now, whoever has noticed.
  bool log_damaged() const { return log_.flipped(); }
  bool state_damaged();

  // Scans that went on in a state after another had taken its place.
  uint64_t scans_across_install() const { return states_.scans_across_install; }

  // Each piece of work takes so much longer.
  int64_t extra_us = 0;

 private:
  DiskGate gate_;
  DiskFiles files_{&gate_};
  DiskLog log_{&gate_};
  DiskCheckpoints checkpoints_{&gate_};
  DiskStates states_;
};

}  // namespace rookery::sim
