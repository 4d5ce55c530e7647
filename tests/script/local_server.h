// A whole server in this process, without sockets and in virtual time: service, machine and store
// over a consensus of one.
#pragma once

#include <memory>

#include "tests/script/player.h"
#include "tests/unit/service/world.h"

namespace rookery::script {

class LocalServer final : public Server {
 public:
  LocalServer() : world_(1) { world_.Settle(1); }

  std::unique_ptr<client::Link> MakeLink(client::LinkHandler* handler) override;
  void Do(absl::FunctionRef<void()> task) override { task(); }
  bool WaitUntil(absl::FunctionRef<bool()> done) override {
    return world_.Run([&] { return done(); });
  }

 private:
  service::World world_;
};

}  // namespace rookery::script
