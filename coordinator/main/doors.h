// The doors of a server, opened over its service and closed before it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/commands/directory_meter.h"
#include "coordinator/frontend/commands/facts.h"
#include "coordinator/frontend/commands/four_letter_words.h"
#include "coordinator/frontend/grpc/grpc_door.h"
#include "coordinator/frontend/http/http_door.h"
#include "coordinator/frontend/zookeeper/zookeeper_door.h"
#include "coordinator/main/config/config.h"
#include "coordinator/main/node/node.h"

namespace rookery {

struct DoorEdges {
  Executor* core = nullptr;
  Network* network = nullptr;
  const Clock* clock = nullptr;
  BackgroundExecutor* scan_thread = nullptr;
  kafka::MetadataJournal* journal = nullptr;
};

// Core executor only, but for CloseGrpc, and for the constructor, which comes before it runs.
class Doors {
 public:
  // All pointers outlive the doors. Looks at the files of the directories (blocks).
  Doors(const config::Config& config, Node* node, DoorEdges edges);
  ~Doors();

  // Opens every door that the configuration asks for. AlreadyExists: a port that was asked for by
  // name is in use; one that nobody asked for only warns.
  absl::Status Open(service::ServerService* service);
  // Takes no new connections.
  void StopListening();
  // Ends gRPC's calls and threads; blocks, so not on the core executor, which must still run.
  void CloseGrpc();
  // Tells health checks.
  void SetServing(bool serving);

 private:
  absl::Status OpenZooKeeper(service::ServerService* service);
  absl::Status OpenGrpc(service::ServerService* service);
  absl::Status OpenHttp();
  service::DoorPorts Ports() const;
  frontend::FactSources Sources(service::ServerService* service);
  frontend::ConfigurationFacts ConfigurationOf() const;

  const config::Config& config_;
  Node* const node_;
  const DoorEdges edges_;
  std::unique_ptr<frontend::FourLetterWords> words_;
  std::unique_ptr<frontend::ZooKeeperDoor> zookeeper_;
  std::unique_ptr<frontend::GrpcDoor> grpc_;
  std::unique_ptr<frontend::HttpDoor> http_;
  frontend::DirectoryMeter directories_;
  frontend::FactSources sources_;
};

}  // namespace rookery
