// A server somewhere on the network, in either protocol.
#pragma once

#include <functional>
#include <memory>

#include "coordinator/base/net/asio_core.h"
#include "tests/script/player.h"

namespace rookery::script {

using LinkMaker = std::function<std::unique_ptr<client::Link>(AsioCore* core, const Address& server,
                                                              client::LinkHandler* handler)>;
// Links in ZooKeeper's protocol.
LinkMaker ZooKeeperLinks();

class NetworkServer final : public Server {
 public:
  NetworkServer(Address address, LinkMaker links);
  ~NetworkServer() override;

  std::unique_ptr<client::Link> MakeLink(client::LinkHandler* handler) override;
  void Do(absl::FunctionRef<void()> task) override;
  bool WaitUntil(absl::FunctionRef<bool()> done) override;

 private:
  const Address address_;
  const LinkMaker links_;
  AsioCore core_;
};

}  // namespace rookery::script
