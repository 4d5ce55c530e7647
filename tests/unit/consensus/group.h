// Servers of a group on a virtual clock, with a network that tests can cut and listen to, disks
// that can be slow or stuck, and a state machine that writes down what it was given.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "coordinator/consensus/log/memory_log_store.h"
#include "coordinator/consensus/raft/raft_consensus.h"
#include "coordinator/consensus/raftrs/raftcore.h"
#include "tests/sim/edges/memory_files.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/edges/world.h"

namespace rookery::consensus {

using sim::Background;
using sim::MemoryFiles;
using sim::Process;
using sim::World;

class Group;

// What a server has applied.
struct State {
  uint64_t index = 0;
  uint64_t term = 0;
  Configuration configuration;
  std::vector<std::string> lines;  // the entries' bytes, in order
};

class Node : public Listener, public CheckpointTransfer {
 public:
  Node(Group* group, EngineId id, std::optional<Configuration> founding);
  ~Node() override;

  // Starts the process on what its disk holds. The error is StartRaft's.
  absl::Status Start();
  // As kill -9 and a power failure: what was not synced is gone.
  void Kill();
  bool up() const { return raft != nullptr; }
  // Keeps the present state as a checkpoint and says so, as a server does after a flush.
  void TakeCheckpoint();
  // The state on disk is that of now.
  void Flush();
  bool Leads() const { return up() && raft->GetStatus().leader_ready; }
  // Asks for a barrier; the result appears in `barriers`.
  void AskBarrier(int64_t timeout_us);

  // Listener.
  void OnItems(std::vector<Item> items) override;
  void OnStatus(const Status& status) override;
  void OnPeerMessage(EngineId from, absl::string_view bytes) override;
  void OnPeerConnected(EngineId, bool) override {}
  void OnInstall(Manifest manifest, std::string directory,
                 absl::AnyInvocable<void(absl::Status)> done) override;
  void OnCheckpointWanted() override;
  void OnCheckpointUnusable(const std::string& name) override;

  // CheckpointTransfer.
  void Fetch(EngineId from, const Manifest& manifest,
             absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) override;
  void Discard(const std::string& directory) override { directories.erase(directory); }
  void Installed(const std::string&) override { ++installed; }

  const EngineId id;
  RaftOptions options;
  Process process;
  MemoryLogStore log;
  MemoryFiles files;
  std::unique_ptr<Background> disk;
  std::unique_ptr<RaftConsensus> raft;

  State live, flushed;
  std::string state_name = "state";          // of the directory that holds `flushed`
  std::map<std::string, State> states;       // the directories before it, by name
  std::map<std::string, State> checkpoints;  // by name
  std::set<std::string> damaged;             // those of them that nobody can install
  std::map<std::string, State> directories;  // received ones
  std::vector<Configuration> configurations;
  std::vector<std::string> peer_messages;
  std::vector<absl::StatusOr<uint64_t>> barriers;
  std::vector<Status> statuses;
  int leader_starts = 0;
  int checkpoints_wanted = 0;
  int checkpoints_unusable = 0;
  int installed = 0;
  bool checkpoint_when_wanted = true;
  int64_t disk_us = 250;      // what a log write takes, from the next start on
  bool hold_install = false;  // OnInstall's `done` waits in held_install
  bool hold_fetch = false;    // fetches never end
  absl::AnyInvocable<void(absl::Status)> held_install;

 private:
  class Wire;
  friend class Group;
  Group* const group_;
  std::unique_ptr<Wire> wire_;
};

class Group {
 public:
  // Servers 1 to `voters` vote, those after them up to `voters + learners` listen.
  explicit Group(int voters, int learners = 0, uint64_t seed = 1);
  ~Group();

  Node& operator[](EngineId id) { return *nodes_.at(id); }
  // A server that is in no configuration yet: it has to be added.
  Node& AddEmpty(EngineId id);
  void StartAll();

  // Runs until one server leads and has committed an entry of its term, and names it; 0: none did.
  EngineId WaitForLeader(int64_t us = 5'000'000);
  // Proposes at whoever leads until taken, then runs until it is applied there.
  bool Write(const std::string& line);
  // Runs until all servers that are up have applied the same, at least up to what the leader had
  // committed.
  bool WaitForEqual(int64_t us = 10'000'000);

  void Cut(EngineId a, EngineId b);
  void Heal(EngineId a, EngineId b);
  void Isolate(EngineId id);
  void HealAll();

  World world;
  Configuration founding;
  uint64_t seed;
  int64_t latency_least_us = 60, latency_most_us = 300;
  // Sees every message of the engine that leaves; false: it is lost.
  std::function<bool(EngineId from, EngineId to, uint32_t kind, const std::string& bytes)> on_send;
  // News of a killed process reach its peers this long after; 0: never.
  int64_t news_us = 500;

 private:
  friend class Node;
  friend class Node::Wire;
  bool Connected(EngineId a, EngineId b);
  void UpdateConnections(EngineId of);

  Random random_;
  std::map<EngineId, std::unique_ptr<Node>> nodes_;
  std::set<std::pair<EngineId, EngineId>> cuts_;
  uint64_t boots_ = 0;
};

}  // namespace rookery::consensus
