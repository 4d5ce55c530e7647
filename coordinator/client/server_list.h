// Which server to try next, and how long to wait before.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/base/network.h"
#include "coordinator/base/random.h"

namespace rookery::client {

class ServerList {
 public:
  // REQUIRES: `servers` is not empty; 0 < backoff_min_ms <= backoff_max_ms.
  ServerList(std::vector<Address> servers, uint64_t seed, int32_t backoff_min_ms,
             int32_t backoff_max_ms);

  // Moves on to the next server. Milliseconds to wait before trying it: 0 until every server was
  // tried once since the last success, then a growing time with jitter once per round.
  int64_t MoveOn();
  const Address& Current() const { return servers_[current_]; }
  size_t size() const { return servers_.size(); }
  // The current server took us: the next failure is met without waiting.
  void Succeeded();

 private:
  std::vector<Address> servers_;  // shuffled
  Random random_;
  int32_t backoff_min_ms_;
  int32_t backoff_max_ms_;
  int32_t backoff_ms_;
  size_t current_;
  size_t tried_ = 0;  // since the last success or wait
};

}  // namespace rookery::client
