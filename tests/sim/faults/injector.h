// Does to an ensemble what a list of faults says, undoes it when it is over, starts servers that
// ended, and repairs what is damaged as docs/operations.md says.
//
// It keeps inside of what the servers promise to survive: of the durable things of all servers only
// one is lost or damaged at a time, until that server is a voter again that lacks nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/ensemble.h"
#include "tests/sim/faults/client_faults.h"
#include "tests/sim/faults/fault.h"

namespace rookery::sim {

class Injector {
 public:
  Injector(SimEnsemble* ensemble, std::vector<Fault> faults, uint64_t seed);

  // Whom faults of clients befall; null: nobody. Outlives the injector's last Run().
  void SetClients(ClientProcesses* clients) { clients_ = clients; }
  // Times of faults count from now on.
  void Begin();
  // One more, as soon as Run() is called. REQUIRES: Begin(); all of the list are due.
  void Add(Fault fault);
  // When there is something to do next.
  int64_t NextUs() const;
  // Does what is due. Call it from no event.
  void Run();
  // Undoes everything; from then on Run() only starts and repairs.
  void Heal();
  // Nothing is left to be repaired, nobody is down.
  bool Whole() const;
  // What is not, for people.
  std::string NotWhole() const;

  // Servers that ended and no fault explains it: one line each.
  const std::vector<std::string>& violations() const { return violations_; }
  // Faults that were applied, by kind.
  uint64_t Applied(Fault::Kind kind) const { return applied_[static_cast<size_t>(kind)]; }
  uint64_t applied() const;

 private:
  struct Effect {
    int64_t end_us;
    std::function<void()> undo;
  };
  // What is known of one server.
  struct Care {
    int64_t down_until_us = 0;
    int64_t down_us = 0;           // after a crash that waits inside disk work
    bool power_fails_too = false;  // likewise
    bool log_flipped = false;      // and nobody has noticed
    bool file_flipped = false;     // likewise, of a small file
    bool wipe = false;             // before the next start
    bool rejoins = false;          // an empty disk: to be let in again
    bool joins = false;            // a new server: to be let in
    bool observer = false;         // it stays a learner
  };

  bool Apply(const Fault& fault);
  bool ApplyToProcess(const Fault& fault, SimServer* server);
  bool ApplyToDisk(const Fault& fault, SimServer* server);
  bool ApplyToNetwork(const Fault& fault, SimServer* server);
  bool ApplyToClient(const Fault& fault);
  bool Damage(const Fault& fault, SimServer* server);
  bool AddServer(const Fault& fault);
  bool Transfer(const Fault& fault);
  void Reset(const Fault& fault, Process* a, Process* b);
  void Until(const Fault& fault, std::function<void()> undo);
  void OnEnded(SimServer* server);
  void StartThoseDown();
  void LetIn();
  void LookAtFrail();
  void LookAtLeader();
  std::vector<Process*> Others(const Fault& fault, const SimServer* server);
  Care& CareOf(const SimServer* server) { return care_[server->number()]; }
  void Trace(const std::string& text);

  SimEnsemble* const ensemble_;
  ClientProcesses* clients_ = nullptr;
  World* const world_;
  std::vector<Fault> faults_;
  Random random_;
  size_t next_ = 0;
  int64_t begin_us_ = 0;
  bool healing_ = false;
  int64_t look_us_ = 0;  // when to look at servers that are down or to be let in
  std::vector<Effect> effects_;
  std::set<std::pair<Process*, Process*>> flips_;  // in what the first sends next to the second
  std::map<uint32_t, Care> care_;
  uint32_t leads_ = 0, led_before_ = 0;  // servers, as last seen
  uint32_t frail_ = 0;                   // the server whose durable things are not whole; 0: none
  std::vector<std::string> violations_;
  std::array<uint64_t, static_cast<size_t>(Fault::Kind::kCount)> applied_ = {};
};

}  // namespace rookery::sim
