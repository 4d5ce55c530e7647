// Consensus by raft-rs: the loop around the engine. No I/O of its own; the log, the peers and the
// checkpoint transfer are handed in.
//
// The rules R0 to R8 (raftrs/RULES.md) are what the engine expects of its surroundings: R0 (nothing
// is said before it is durable), R1, R2, R3 and R8 are kept here, R4 to R7 inside the engine's
// crate.
//
// How a server starts it, on the core executor:
//
//   auto log = OpenRocksLogStore({.directory = ...});
//   LogContents contents = log->Load();
//   if (contents.fresh && identity.founder) {      // a server let in later starts with nothing
//     WriteFoundingLog(log, founding configuration, name of the state directory); Load() again
//   }
//   open the state in contents.position.state_directory (its default if empty), read `applied`
//   hub->Start(hello);
//   consensus = StartRaft(options, {applied, term, configuration, checkpoint}, contents, ...,
//   parts) hub->SetMembers(list, level)                   // StartRaft has called hub->SetListener
//   checkpoint sender's OnEnded -> consensus->OnCheckpointSent
//
// From then on: Applied(), StateFlushed(), CheckpointTaken() as consensus.h says.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/durations.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/consensus/consensus.h"
#include "coordinator/consensus/log/log_store.h"
#include "coordinator/consensus/peers.h"

namespace rookery::consensus {

struct RaftOptions {
  EngineId id = 0;
  uint64_t boot_id = 0;  // random, once per process: makes the contexts of barriers unique
  uint64_t seed = 0;     // the only source of chance
  int64_t tick_us = 10'000;
  uint32_t election_ticks = 10;  // randomized up to twice as many
  uint32_t heartbeat_ticks = 2;
  uint64_t message_bytes_max = 1u << 20;  // of entries in one append; a larger entry goes alone
  uint32_t messages_in_flight_max = 256;  // appends per follower
  uint64_t uncommitted_bytes_max = 64u << 20;
  uint64_t committed_bytes_per_ready_max = 8u << 20;
  // Bytes handed to the listener and not yet applied; beyond this proposals are answered kBusy.
  uint64_t apply_backlog_bytes_max = 64u << 20;
  // Entries behind the newest checkpoint that stay for servers that lag a little.
  uint64_t tail_entries = 20'000;
  uint64_t tail_bytes_max = 64u << 20;
  // A leader whose log write takes this long hands over, if another voter's disk has what its own
  // lacks. A stalled follower would serve its own clients no better, so a short stall is no reason.
  int64_t disk_stall_us = 500'000;
  // A checkpoint's transfer that nobody has heard the end of counts as failed.
  int64_t snapshot_timeout_us = 60'000'000;
  // A learner or a transfer's target may lack this many entries at most.
  uint64_t caught_up_entries_max = 1'000;
};

// Where the state machine stands at start.
struct RaftBoot {
  uint64_t applied_index = 0;  // 0: a server that is to be filled by a checkpoint
  uint64_t applied_term = 0;
  Configuration configuration;  // as of applied_index
  // The newest checkpoint on disk, if there is one: it can be sent to others.
  std::optional<Manifest> checkpoint;
};

// How checkpoints travel: peer/checkpoint_fetch.h, or a model of it. Called on the core executor.
class CheckpointTransfer {
 public:
  virtual ~CheckpointTransfer() = default;
  // Brings the checkpoint that a peer's `manifest` names here, verified and synced; `done` gets the
  // directory, from a task. What cannot be installed, or is not what the manifest says, is refused,
  // and the peer is told. At most one at a time.
  virtual void Fetch(EngineId from, const Manifest& manifest,
                     absl::AnyInvocable<void(absl::StatusOr<std::string> directory)> done) = 0;
  // A fetched directory was not needed after all: remove it.
  virtual void Discard(const std::string& directory) = 0;
  // The log names the state that was made of `directory`, durably: the state before it may go.
  virtual void Installed(const std::string& directory) = 0;
};

// All pointers outlive the consensus.
struct RaftParts {
  Executor* core = nullptr;
  BackgroundExecutor* log_thread = nullptr;  // runs log writes and nothing else; ends before `log`
  const Clock* clock = nullptr;
  LogStore* log = nullptr;
  FileStore* files = nullptr;  // for the durable mark
  Peers* peers = nullptr;
  CheckpointTransfer* checkpoints = nullptr;
  Listener* listener = nullptr;
  // The name of the state in use, as the log records it after an installation.
  std::function<std::string()> state_directory;
};

class RaftConsensus : public Consensus {
 public:
  // The transfer of checkpoint `name` to a peer ended, well or not (R0e). DataLoss, NotFound: the
  // checkpoint itself is the reason; it is offered to nobody again.
  virtual void OnCheckpointSent(EngineId receiver, const std::string& name,
                                const absl::Status& outcome) = 0;
  // How long writes of the log took, syncs included.
  virtual const Durations& LogWriteTimes() const = 0;
};

// Checks the log against the durable mark and the state, and starts. `contents` is what `log`
// loaded. DataLoss: the log lost its end; the message names the file and the repair, and the server
// may not vote. Blocks (reads the mark); on the core executor.
absl::StatusOr<std::unique_ptr<RaftConsensus>> StartRaft(const RaftOptions& options,
                                                         const RaftBoot& boot, LogContents contents,
                                                         const std::string& log_directory,
                                                         const RaftParts& parts);

// Writes what a founder boots with: position 1 of term 1 under the founding configuration, synced.
// REQUIRES: the log is fresh.
absl::Status WriteFoundingLog(LogStore* log, const Configuration& configuration,
                              const std::string& state_directory);

}  // namespace rookery::consensus
