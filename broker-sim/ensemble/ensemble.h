// Servers of our own for one run: started on free ports, killed, cut off from each other, and ended
// with this object, which takes their data with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker-sim/ensemble/process.h"
#include "broker-sim/ensemble/relay.h"
#include "coordinator/base/coroutine/async.h"

namespace rookery::broker_sim {

struct EnsembleOptions {
  std::string program;  // rookeryd
  int servers = 3;
  int32_t tick_ms = 500;  // sessions last 2 to 20 of them
};

class Ensemble {
 public:
  // Called when another server leads than before.
  using OnLeader = std::function<void(int server)>;

  // The executor and the network outlive it. NotFound: no such program.
  static absl::StatusOr<std::unique_ptr<Ensemble>> Create(EnsembleOptions options,
                                                          Executor* executor, Network* network,
                                                          OnLeader on_leader);
  // Ends all servers.
  ~Ensemble();

  absl::Status Start();
  // Ends once every server serves. DeadlineExceeded tells the end of a log.
  Async<absl::Status> WaitServing(int64_t timeout_us);

  // Servers count from 1.
  void Kill(int server);
  absl::Status Start(int server);
  // From all others; its clients still reach it.
  void Cut(int server);
  void HealAll();

  int size() const { return static_cast<int>(members_.size()); }
  bool running(int server) { return members_[server - 1].process.Running(); }
  bool cut(int server) const { return members_[server - 1].cut; }
  // 0: nobody led when they were asked last, every 100 ms.
  int leader() const { return leader_; }
  // For clients.
  std::vector<Address> addresses(bool grpc) const;
  const std::filesystem::path& folder() const { return folder_; }
  // The folder stays: somebody wants to read the logs.
  void KeepFolder() { keep_ = true; }

 private:
  struct Member {
    uint16_t client_port = 0, grpc_port = 0, quorum_port = 0, election_port = 0;
    Process process;
    bool cut = false;
    bool serves = false;
    std::unique_ptr<Relay> quorum, election;
  };

  Ensemble(EnsembleOptions options, Executor* executor, Network* network, OnLeader on_leader);
  absl::Status Prepare();
  absl::Status WriteConfig(int server);
  absl::Status Listen(int server);
  int WhoIs(const Address& peer);
  void UpdateRelays();
  Async<> Watch();

  const EnsembleOptions options_;
  Executor* const executor_;
  Network* const network_;
  const OnLeader on_leader_;
  std::filesystem::path folder_;
  bool keep_ = false;
  std::vector<Member> members_;
  int leader_ = 0;
  Scope scope_;
};

// The program rookeryd beside this one, or "" if there is none.
std::string RookerydBesideThis();

}  // namespace rookery::broker_sim
