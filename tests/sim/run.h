// One run of the simulation: what it will be is drawn from its seed (a plan, as values), and what
// came of it is a result.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/checkers/checkers.h"
#include "tests/sim/faults/fault.h"
#include "tests/sim/rare_paths.h"
#include "tests/sim/recipes/scene.h"
#include "tests/sim/tuning.h"

namespace rookery::sim {

// What each run has of these, but for recipes: one that had less goes on for a while.
constexpr uint64_t kRequestsLeast = 1'000;  // half of them well
constexpr uint64_t kFaultsLeast = 5;

struct RunPlan {
  uint64_t seed = 0;
  uint32_t founders = 3;
  uint32_t clients = 4;
  uint32_t requests = 1'200;    // of all clients together
  int64_t run_us = 60'000'000;  // with faults, before the heal
  Tuning tuning;
  std::vector<Fault> faults;
  bool early = false;  // faults may come before there is an ensemble
  uint64_t ensemble_seed = 0, client_seed = 0, injector_seed = 0;
  // The clients play recipes of coordination, these.
  bool recipes = false;
  ScenePlan scene;
};

RunPlan DrawPlan(uint64_t seed);
RunPlan DrawRecipePlan(uint64_t seed);
std::string ToText(const RunPlan& plan);

struct RunResult {
  uint64_t seed = 0;
  std::vector<std::string> violations;  // none: all is well
  uint64_t trace_hash = 0;
  int64_t virtual_us = 0;
  int64_t cpu_us = 0;
  uint64_t events = 0;
  uint64_t messages = 0;
  uint64_t requests = 0;
  uint64_t succeeded = 0;
  Searches searches;
  std::array<uint64_t, static_cast<size_t>(Fault::Kind::kCount)> faults = {};
  RarePaths rare;
  std::vector<uint64_t> digests;  // of the servers, at the end

  uint64_t fault_count() const;
};

// `trace` is told line by line what happens; empty: nobody is.
RunResult RunSeed(const RunPlan& plan, const std::function<void(const std::string&)>& trace = {});

// "60 s, 1502 requests (1431 succeeded), 23 faults, 0.21 s CPU".
std::string ToText(const RunResult& result);
// "crash=3 pause=1".
std::string FaultsToText(const RunResult& result);

}  // namespace rookery::sim
