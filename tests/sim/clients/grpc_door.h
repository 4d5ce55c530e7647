// The gRPC door of a simulated server: the product's session connections over simulated streams.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/grpc/session_connection.h"
#include "coordinator/service/service.h"

namespace rookery::sim {

class SimGrpcDoor {
 public:
  // Starts to listen. All pointers outlive the door.
  static absl::StatusOr<std::unique_ptr<SimGrpcDoor>> Open(const Address& listen, Executor* core,
                                                           Network* network,
                                                           service::Service* service,
                                                           frontend::GrpcSessionRules rules = {});
  ~SimGrpcDoor();  // closes all connections

 private:
  class Connection;
  SimGrpcDoor(Executor* core, service::Service* service, frontend::GrpcSessionRules rules);
  void Accept(std::unique_ptr<Stream> stream);
  void Bury(uint64_t id);

  Executor* const core_;
  service::Service* const service_;
  const frontend::GrpcSessionRules rules_;
  std::unique_ptr<Listener> listener_;
  uint64_t last_id_ = 0;
  std::map<uint64_t, std::unique_ptr<Connection>> connections_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::sim
