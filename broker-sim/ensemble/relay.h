// A port between servers: passes connections on to a server, and holds them while the sender is cut
// off from it. As on a network that loses packets, a held connection stays open, nobody is told,
// and what was sent arrives once it is let go.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"

namespace rookery::broker_sim {

class Relay {
 public:
  // Who is at the other end of an accepted connection; 0: unknown.
  using WhoIs = std::function<int(const Address& peer)>;
  using Passes = std::function<bool(int from)>;

  // Everything outlives the relay. `passes` is asked again at every Update().
  Relay(Executor* executor, Network* network, Address target, WhoIs who_is, Passes passes);
  ~Relay();

  // AlreadyExists: the address is in use.
  absl::Status Listen(const Address& address);
  // What may pass has changed.
  void Update();

 private:
  class Pair;
  void Accept(std::unique_ptr<Stream> stream);

  Executor* const executor_;
  Network* const network_;
  const Address target_;
  const WhoIs who_is_;
  const Passes passes_;
  std::list<std::unique_ptr<Pair>> pairs_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace rookery::broker_sim
