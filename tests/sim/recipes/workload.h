// The parties of a run that play recipes, and what becomes of them by faults.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/ensemble.h"
#include "tests/sim/faults/client_faults.h"
#include "tests/sim/recipes/checkers/checkers.h"
#include "tests/sim/recipes/party.h"
#include "tests/sim/workload.h"

namespace rookery::sim {

struct RecipesOptions {
  uint64_t seed = 1;
  uint32_t parties = 4;
  ScenePlan scene;
  int64_t sync_limit_us = 0;  // of the servers
};

class RecipeWorkload final : public Workload, public ClientProcesses {
 public:
  RecipeWorkload(SimEnsemble* ensemble, const RecipesOptions& options);
  ~RecipeWorkload() override;

  bool idle() const override;
  void GoOn(uint32_t, int64_t) override {}  // until it is stopped, anyway
  void StopAsking() override { scene_.stopping = true; }
  void Finish() override {}
  bool finished() const override { return idle(); }
  std::vector<std::string> Check(const History& history) override;
  uint64_t asked() const override;
  uint64_t succeeded() const override;
  void CountRarePaths(RarePaths* rare) const override { rare->Add(scene_.rare); }

  Process* Find(uint32_t client) override;
  bool Crash(uint32_t client) override;
  void Start(uint32_t client) override;
  bool Stop(uint32_t client) override;
  void GoOn(uint32_t client) override;

 private:
  void CountExpiries(const TreeHistory& tree);

  Scene scene_;
  std::vector<std::unique_ptr<Party>> parties_;
};

// Which of them a run plays, from its seed.
ScenePlan DrawScene(Random* random, uint32_t parties);
std::string ToText(const ScenePlan& plan);

}  // namespace rookery::sim
