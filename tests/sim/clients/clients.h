// All clients of a run.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/sim/clients/script.h"
#include "tests/sim/clients/sim_client.h"

namespace rookery::sim {

struct ClientsOptions {
  uint64_t seed = 1;
  uint32_t requests = 1000;  // of all together, about
  int64_t duration_us = 55'000'000;
  int32_t session_timeout_least_ms = 4000;
  int32_t session_timeout_most_ms = 10'000;
  uint32_t library_nodes = 0;
  int64_t grace_us = 0;  // of the servers, for clients whose connection ended
  bool containers = false;
};

// Half of the clients speak ZooKeeper's protocol, half gRPC. REQUIRES: the hosts run nothing any
// more when the clients are destroyed.
class Clients {
 public:
  // One client on each host.
  Clients(const std::vector<ClientHost>& hosts, const std::vector<ServerDoors>& servers,
          const ClientsOptions& options, Recorder* recorder);

  bool done() const;  // all requests were sent
  bool idle() const;  // nothing waits for an answer
  // All together ask about so many more, over the next `for_us`.
  void GoOn(uint32_t requests, int64_t for_us);
  void StopAsking();
  // After the heal; finished() within some seconds.
  void Finish();
  bool finished() const;

  uint64_t asked() const;
  uint64_t succeeded() const;
  uint64_t taken_over() const;  // sessions

 private:
  std::vector<std::unique_ptr<SimClient>> clients_;
  std::vector<std::unique_ptr<Script>> scripts_;  // behind their clients
};

}  // namespace rookery::sim
