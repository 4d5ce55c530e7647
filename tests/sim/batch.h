// Many seeds, several at a time: what failed, how to replay it, and sums over all.
#pragma once

#include <cstdint>
#include <optional>

#include "tests/sim/worker.h"

namespace rookery::sim {

struct BatchOptions {
  uint64_t first_seed = 1;
  uint64_t seeds = 200;
  uint32_t jobs = 2;
  bool stop_at_violation = false;
  bool recipes = false;  // what the plans are of
};

// Prints as it goes. True: no violation, and, over 1,000 seeds or more, each rare path was reached
// often enough, and hardly any history was too hard to judge.
bool RunBatch(const BatchOptions& options, const PlanOf& plan_of);

// The first that fails, of those in the order in which they end; nullopt: none does. Prints
// nothing.
std::optional<Outcome> FirstViolation(const BatchOptions& options, const PlanOf& plan_of);

// Prints a run that failed, with the command that replays it.
void PrintViolations(const Outcome& outcome, bool recipes);

}  // namespace rookery::sim
