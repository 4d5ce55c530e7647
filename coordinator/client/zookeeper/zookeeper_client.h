// A client that speaks ZooKeeper's protocol, to Rookery or to ZooKeeper.
#pragma once

#include <memory>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/client/client.h"

namespace rookery::client {

// The executor, network and clock outlive the client. REQUIRES: options.servers is not empty.
std::unique_ptr<Client> CreateZooKeeperClient(Executor* executor, Network* network,
                                              const Clock* clock, Options options);

}  // namespace rookery::client
