// A server somewhere on the network that speaks ZooKeeper's protocol.
#pragma once

#include <memory>

#include "coordinator/base/net/asio_core.h"
#include "tests/script/player.h"

namespace rookery::script {

class NetworkServer final : public Server {
 public:
  explicit NetworkServer(Address address);
  ~NetworkServer() override;

  std::unique_ptr<client::Link> MakeLink(client::LinkHandler* handler) override;
  void Do(absl::FunctionRef<void()> task) override;
  bool WaitUntil(absl::FunctionRef<bool()> done) override;

 private:
  const Address address_;
  AsioCore core_;
};

}  // namespace rookery::script
