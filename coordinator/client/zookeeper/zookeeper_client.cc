#include "coordinator/client/zookeeper/zookeeper_client.h"

#include <utility>

#include "coordinator/client/session_client.h"
#include "coordinator/client/zookeeper/zookeeper_link.h"

namespace rookery::client {

std::unique_ptr<Client> CreateZooKeeperClient(Executor* executor, Network* network,
                                              const Clock* clock, Options options) {
  return std::make_unique<SessionClient>(
      executor, clock,
      [executor, network](const Address& server, LinkHandler* handler) {
        return std::make_unique<ZooKeeperLink>(executor, network, server, handler);
      },
      std::move(options));
}

}  // namespace rookery::client
