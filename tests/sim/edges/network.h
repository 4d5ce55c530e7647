// The network among simulated processes: connections of bytes in order, that stall, break and lose
// what was under way; never a byte out of order inside of one connection. Processes are told apart
// by port alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/network.h"
#include "coordinator/base/random.h"
#include "tests/sim/edges/world.h"

namespace rookery::sim {

class SimStream;
struct Pipe;

class SimNetwork {
 public:
  explicit SimNetwork(World* world) : world_(world), random_(0) {}

  // Bytes take this long, the same each time ...
  int64_t latency_us = 100;
  // ... or, from now on, something in between, drawn from the seed; and arrive cut anywhere.
  void SetChance(uint64_t seed, int64_t latency_least_us, int64_t latency_most_us);
  // What goes from one to the other takes so much longer; 0: no more.
  void SetDelay(Process* from, Process* to, int64_t delay_us);

  // Nothing gets from one to the other: it waits, as TCP repeats it, and arrives after Mend.
  void CutOneWay(Process* from, Process* to) { cuts_.insert({from, to}); }
  void MendOneWay(Process* from, Process* to);
  // Both ways.
  void Cut(Process* a, Process* b);
  void Heal(Process* a, Process* b);

  // Ends every connection between the two; new ones can be made.
  struct Break {
    int64_t late_us = 0;    // what is under way arrives so much later; negative: never
    int64_t news_a_us = 0;  // when `a` hears of it at the earliest
    int64_t news_b_us = 0;
  };
  void Reset(Process* a, Process* b, const Break& how);
  void Reset(Process* a, Process* b) { Reset(a, b, Break()); }

  // Whom a process has connections with, in the order of their making.
  std::vector<Process*> PeersOf(const Process* process) const;

  // Called with each piece that leaves; may change its bytes, not their number.
  std::function<void(Process* from, Process* to, std::string* bytes)> on_bytes;

 private:
  friend class Process;
  friend class SimStream;
  friend class SimListener;
  friend struct Pipe;

  absl::StatusOr<std::unique_ptr<Listener>> Listen(Process* process, const Address& address,
                                                   Network::OnAccept on_accept);
  void Connect(Process* process, const Address& address, int64_t timeout_us,
               Network::OnConnect done);
  struct Attempt;
  void Try(std::shared_ptr<Attempt> attempt);
  void Join(const std::shared_ptr<Attempt>& attempt);
  void OnKilled(Process* process, int64_t silent_us);
  bool IsCut(Process* from, Process* to) const { return cuts_.contains({from, to}); }
  int64_t Latency(Process* from, Process* to);
  bool HasChance() const { return latency_most_us_ > 0; }

  World* const world_;
  Random random_;
  int64_t latency_least_us_ = 0, latency_most_us_ = 0;
  struct Listening {
    Process* process;
    Network::OnAccept* on_accept;
  };
  std::map<uint16_t, Listening> listeners_;
  std::map<uint16_t, Process*> owners_;  // of ports: who listens there, or did last
  // In the order of their making: the order of addresses would differ from run to run.
  std::map<uint64_t, SimStream*> streams_;
  std::map<uint64_t, std::weak_ptr<Pipe>> pipes_;
  uint64_t last_id_ = 0;
  std::set<std::pair<Process*, Process*>> cuts_;
  std::map<std::pair<Process*, Process*>, int64_t> delays_;
};

}  // namespace rookery::sim
