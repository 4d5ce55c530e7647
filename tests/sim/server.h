// One simulated server: a process that ends and begins again, on a disk that outlives it. All
// between the edges is the product's own code.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "coordinator/frontend/commands/four_letter_words.h"
#include "coordinator/frontend/zookeeper/zookeeper_door.h"
#include "coordinator/main/node/node.h"
#include "tests/sim/clients/grpc_door.h"
#include "tests/sim/clients/visitors.h"
#include "tests/sim/edges/disk.h"
#include "tests/sim/edges/network.h"
#include "tests/sim/edges/process.h"
#include "tests/sim/probes/server_probe.h"
#include "tests/sim/rare_paths.h"
#include "tests/sim/tuning.h"

namespace rookery::sim {

// What the servers of a run share. All outlives them.
struct ServerParts {
  World* world = nullptr;
  const Tuning* tuning = nullptr;
  Recorder* recorder = nullptr;
  FirstApplied* first_applied = nullptr;
  RarePaths* rare = nullptr;
};

inline Address ClientAddress(uint32_t server) {
  return {"sim", static_cast<uint16_t>(3000 + server)};
}
inline Address GrpcAddress(uint32_t server) {
  return {"sim", static_cast<uint16_t>(4000 + server)};
}
consensus::ServerLine LineOf(uint32_t server);

class SimServer {
 public:
  // Its configuration file names the servers 1 to `founders`, and itself.
  SimServer(const ServerParts& parts, uint32_t number, uint32_t founders, uint64_t seed);
  ~SimServer();

  // Starts a process. REQUIRES: none runs.
  void Start();
  // As kill -9.
  void Kill();
  // As the power cord: what was not synced is lost, peers hear of it after so long.
  void LosePower(int64_t silent_us);
  // The machine has power again; Start() does this too.
  void PowerOn() { process_.PowerOn(); }
  // Its process ended by itself (World::on_end).
  void OnEnded(const ProcessEnded& end);

  uint32_t number() const { return number_; }
  bool up() const { return node_ != nullptr; }
  bool serving() const {
    return up() && node_->service() != nullptr && node_->service()->Serving();
  }
  bool leads() const;
  // It belongs to the ensemble: it was founded or let in.
  bool belongs() const { return up() && node_->service() != nullptr; }
  Node* node() const { return node_.get(); }
  Visitors* visitors() const { return visitors_.get(); }  // null before it belongs
  Process& process() { return process_; }
  SimDisk& disk() { return disk_; }
  Address client_address() const { return ClientAddress(number_); }

  // Adds what its present process has counted to the rare paths.
  void CountLife();

  // Why its last process ended by itself; kind kCrash and empty: it did not.
  const ProcessEnded& last_end() const { return last_end_; }

 private:
  struct Threads;
  NodeOptions MakeOptions();
  NodeEdges MakeEdges();
  void OpenDoors(service::ServerService* service);
  void TearDown(int64_t silent_us);

  const ServerParts parts_;
  const uint32_t number_;
  const uint32_t founders_;
  Random random_;
  SeededSecrets secrets_;
  Process process_;
  SimDisk disk_;
  ServerProbe probe_;
  const std::unique_ptr<consensus::LogStore> log_;
  ProcessEnded last_end_ = {ProcessEnded::Kind::kCrash, ""};
  // Of one life.
  std::unique_ptr<Threads> threads_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<frontend::FourLetterWords> words_;
  std::unique_ptr<frontend::ZooKeeperDoor> door_;
  std::unique_ptr<SimGrpcDoor> grpc_;
  std::unique_ptr<Visitors> visitors_;
};

}  // namespace rookery::sim
