// The ZooKeeper door: listens on clientPort, lets connections in within their limits, and moves
// their bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/commands/facts.h"
#include "coordinator/frontend/zookeeper/client_connection.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

struct ZooKeeperDoorOptions {
  Address listen;
  ZooKeeperRules rules;
  uint32_t connections_per_host_max = 60;  // maxClientCnxns; 0: unlimited
  uint32_t connections_max = 0;            // maxCnxns; 0: unlimited
};

// Core executor only.
class ZooKeeperDoor {
 public:
  // Starts to listen. All pointers outlive the door. AlreadyExists: the address is in use.
  static absl::StatusOr<std::unique_ptr<ZooKeeperDoor>> Open(ZooKeeperDoorOptions options,
                                                             Executor* core, const Clock* clock,
                                                             Network* network,
                                                             service::Service* service,
                                                             FourLetterWords* words);
  virtual ~ZooKeeperDoor() = default;  // closes all connections

  virtual Address local() const = 0;
  virtual TrafficCounters traffic() const = 0;
  virtual std::vector<ClientLine> clients() const = 0;  // in the order of their coming
  virtual size_t connections() const = 0;               // open ones, also without a session
  virtual void ResetTraffic() = 0;
  virtual void ResetClients() = 0;
  // Takes no new connections; those that are open stay.
  virtual void StopListening() = 0;
};

}  // namespace rookery::frontend
