// Whole servers in one process: one virtual time line, one seed, one trace.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/base/random.h"
#include "tests/sim/clients/sim_client.h"
#include "tests/sim/edges/world.h"
#include "tests/sim/history/recorder.h"
#include "tests/sim/server.h"

namespace rookery::sim {

class SimEnsemble {
 public:
  // Servers 1 to `founders`, not yet started.
  SimEnsemble(uint64_t seed, uint32_t founders, Tuning tuning);
  ~SimEnsemble();

  World& world() { return world_; }
  Recorder& recorder() { return recorder_; }
  RarePaths& rare() { return rare_; }
  const Tuning& tuning() const { return tuning_; }
  uint32_t founders() const { return founders_; }
  std::vector<std::unique_ptr<SimServer>>& servers() { return servers_; }
  // Null: there is no server of that number.
  SimServer* server(uint32_t number);
  // One more, under the next number, not yet started; the others do not know it.
  SimServer* AddServer();
  void StartAll();

  // What clients know of: the founders.
  std::vector<ServerDoors> doors() const;
  bool AllServe() const;
  // False: not within that time.
  bool WaitServing(int64_t us = 60'000'000);
  SimServer* leader() const;
  // All serve, at the same entry.
  bool SameEntry() const;

  // A process ended by itself and has been torn down.
  std::function<void(SimServer*)> on_ended;
  // Called with every piece that leaves a process; may change its bytes, not their number.
  std::function<void(Process* from, Process* to, std::string* bytes)> on_bytes;
  // Counts what the run's history tells of rare paths; once, at its end.
  void CountRarePaths();

  // Puts something that happened into the trace, with the virtual time.
  void Note(absl::string_view what);
  uint64_t trace_hash() const { return trace_hash_; }
  uint64_t messages() const { return messages_; }

 private:
  Random random_;
  const Tuning tuning_;
  const uint32_t founders_;
  World world_;
  Recorder recorder_;
  FirstApplied first_applied_;
  RarePaths rare_;
  uint64_t trace_hash_ = 0;
  uint64_t messages_ = 0;
  std::vector<std::unique_ptr<SimServer>> servers_;
};

}  // namespace rookery::sim
