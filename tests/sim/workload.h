// The clients of a run, as the run sees them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/history/history.h"
#include "tests/sim/rare_paths.h"

namespace rookery::sim {

// Its processes run from construction on, and nothing of it runs any more when it ends.
class Workload {
 public:
  virtual ~Workload() = default;

  // Asks about `requests` more, over the next `for_us`.
  virtual void GoOn(uint32_t requests, int64_t for_us) = 0;
  // Begins nothing new; idle() follows once the servers are well again.
  virtual void StopAsking() = 0;
  virtual bool idle() const = 0;
  // Once idle: sees to it that clients have heard everything that they should hear.
  virtual void Finish() = 0;
  virtual bool finished() const = 0;
  // What it found wrong beside the history's checkers, which have all final states to look at.
  virtual std::vector<std::string> Check(const History& history) = 0;

  virtual uint64_t asked() const = 0;
  virtual uint64_t succeeded() const = 0;
  virtual void CountRarePaths(RarePaths* rare) const = 0;
};

}  // namespace rookery::sim
