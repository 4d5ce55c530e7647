// Three whole servers in one process: everything but the edges is the product's own code. One
// virtual time line, one seed, one trace.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "coordinator/consensus/log/memory_log_store.h"
#include "coordinator/consensus/peer/memory_checkpoint_files.h"
#include "coordinator/frontend/commands/four_letter_words.h"
#include "coordinator/frontend/zookeeper/zookeeper_door.h"
#include "coordinator/main/node/node.h"
#include "coordinator/store/memory/memory_disk.h"
#include "tests/unit/consensus_peer/world.h"

namespace rookery::sim {

using consensus::World;

// One server: a process that can be killed, and a disk that outlives it.
class SimServer {
 public:
  SimServer(World* world, uint32_t number, uint32_t servers, uint64_t seed);
  ~SimServer();

  void Start();
  // The process dies at once; what its log did not sync is gone.
  void Kill();

  bool up() const { return node_ != nullptr; }
  bool serving() const {
    return up() && node_->service() != nullptr && node_->service()->Serving();
  }
  bool leads() const;
  Node* node() const { return node_.get(); }
  Address client_address() const { return {"sim", static_cast<uint16_t>(3000 + number_)}; }

 private:
  void OpenDoor(service::ServerService* service);

  World* const world_;
  const uint32_t number_;
  const uint32_t servers_;
  Random random_;
  consensus::Process process_;
  // The disk.
  consensus::MemoryLogStore log_;
  consensus::MemoryFiles files_;
  consensus::MemoryCheckpointFiles checkpoints_;
  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  // Of one life.
  struct Threads;
  std::unique_ptr<Threads> threads_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<frontend::FourLetterWords> words_;
  std::unique_ptr<frontend::ZooKeeperDoor> door_;
};

class SimEnsemble {
 public:
  explicit SimEnsemble(uint64_t seed, uint32_t size = 3);

  World& world() { return world_; }
  Random& random() { return random_; }
  std::vector<std::unique_ptr<SimServer>>& servers() { return servers_; }
  std::vector<Address> addresses() const;
  // False: not within 60 virtual seconds.
  bool WaitServing();
  SimServer* leader() const;

  // Puts something that happened into the trace, with the virtual time.
  void Note(absl::string_view what);
  uint64_t trace_hash() const { return trace_hash_; }
  uint64_t messages() const { return messages_; }

 private:
  Random random_;
  World world_;
  uint64_t trace_hash_ = 0;
  uint64_t messages_ = 0;
  std::vector<std::unique_ptr<SimServer>> servers_;
};

}  // namespace rookery::sim
