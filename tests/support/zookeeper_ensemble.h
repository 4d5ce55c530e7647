// Debian's ZooKeeper on loopback, one server or several, for tests beside the real thing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"
#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace rookery::testing {

// False where Java or ZooKeeper's jars are missing.
bool ZooKeeperInstalled();
// True if the environment's ROOKERY_REQUIRE names `what`: then a test must fail instead of
// skipping.
bool Required(absl::string_view what);

class ZooKeeperEnsemble {
 public:
  // tickTime bounds session timeouts: 2 to 20 of them.
  ZooKeeperEnsemble(int servers, int tick_ms);

  // Starts all servers and waits until each serves. DeadlineExceeded shows the end of a log.
  absl::Status Start();
  void Kill(size_t server) { processes_[server].Kill(); }
  void Signal(size_t server, int signal) { processes_[server].Signal(signal); }
  // Starts a server that was killed and waits until it serves.
  absl::Status Restart(size_t server);

  const std::vector<Address>& addresses() const { return addresses_; }
  std::string ConnectString() const;
  // "leader", "follower" or "standalone"; empty if it does not serve.
  std::string Mode(size_t server) const;

 private:
  void Launch(size_t server);
  absl::Status WaitServing(size_t server) const;
  std::filesystem::path Folder(size_t server) const;

  TemporaryDirectory directory_;
  std::vector<Address> addresses_;
  std::vector<ChildProcess> processes_;
};

}  // namespace rookery::testing
