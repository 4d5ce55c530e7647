#include "tests/sim/recipes/workload.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

constexpr double kRecipeShare = 0.45;  // of all in a run
constexpr double kPartyShare = 0.85;   // of the parties in a recipe
constexpr int32_t kTimeoutLeastMs = 2'500;
constexpr int32_t kTimeoutMostMs = 8'000;
constexpr int32_t kRequestTimeoutMs = 3'000;
constexpr size_t kShownMax = 3;

}  // namespace

ScenePlan DrawScene(Random* random, uint32_t parties) {
  ScenePlan plan;
  while (plan.recipes.empty()) {
    for (size_t i = 0; i < static_cast<size_t>(Recipe::kCount); ++i) {
      if (random->Chance(kRecipeShare)) plan.recipes.insert(static_cast<Recipe>(i));
    }
  }
  plan.barrier_members = static_cast<size_t>(random->Between(2, std::min(3u, parties)));
  return plan;
}

std::string ToText(const ScenePlan& plan) {
  std::string text;
  for (const Recipe recipe : plan.recipes) {
    absl::StrAppend(&text, text.empty() ? "" : " ", NameOf(recipe));
  }
  return text;
}

RecipeWorkload::RecipeWorkload(SimEnsemble* ensemble, const RecipesOptions& options)
    : scene_(&ensemble->world(), &ensemble->recorder(), options.scene) {
  // Its server may serve on for so long without a leader, after which it has to find out elsewhere.
  scene_.facts.notice_us = options.sync_limit_us + 2 * kTimeoutMostMs * int64_t{1000};
  Random random(options.seed);
  for (uint32_t number = 1; number <= options.parties; ++number) {
    PartyOptions one{
        .number = number,
        .grpc = number % 2 == 0,
        .session_timeout_ms = static_cast<int32_t>(random.Between(kTimeoutLeastMs, kTimeoutMostMs)),
        .request_timeout_ms = random.Chance(0.3) ? kRequestTimeoutMs : 0,
        .seed = random.Next(),
        .servers = ensemble->doors()};
    for (const Recipe recipe : options.scene.recipes) {
      const bool takes_part = recipe == Recipe::kDoubleBarrier
                                  ? number <= options.scene.barrier_members
                                  : random.Chance(kPartyShare);
      if (takes_part) one.recipes.push_back(recipe);
    }
    parties_.push_back(std::make_unique<Party>(std::move(one), &scene_));
  }
}

RecipeWorkload::~RecipeWorkload() = default;

bool RecipeWorkload::idle() const {
  return std::all_of(parties_.begin(), parties_.end(),
                     [](const auto& party) { return party->idle(); });
}

// Who waited in a line behind a session that expired.
void RecipeWorkload::CountExpiries(const TreeHistory& tree) {
  for (const Hold& hold : scene_.facts.holds) {
    const std::vector<TreeHistory::Life>& own = tree.Of(hold.node);
    if (own.empty()) continue;
    for (const TreeHistory::Life* before : tree.Below(PathOf(hold.recipe))) {
      if (before->czxid >= hold.token || !before->expired) continue;
      if (before->deleted < own.front().created || before->deleted > hold.granted) continue;
      scene_.rare.Add(Rare::kLinesMovedByExpiry);
      break;
    }
  }
}

std::vector<std::string> RecipeWorkload::Check(const History& history) {
  for (const auto& party : parties_) party->NoteCopies();
  std::vector<std::string> all;
  const TreeHistory tree(history);
  CountExpiries(tree);
  for (const RecipeChecker& checker : AllRecipeCheckers()) {
    if (!scene_.plan.recipes.contains(checker.recipe)) continue;
    const Violations found = checker.check(scene_.facts, tree);
    for (size_t i = 0; i < std::min(found.size(), kShownMax); ++i) {
      all.push_back(absl::StrCat(NameOf(checker.recipe), ": ", found[i]));
    }
  }
  return all;
}

uint64_t RecipeWorkload::asked() const {
  uint64_t sum = 0;
  for (const auto& party : parties_) sum += party->asked();
  return sum;
}

uint64_t RecipeWorkload::succeeded() const {
  uint64_t sum = 0;
  for (const auto& party : parties_) sum += party->succeeded();
  return sum;
}

Process* RecipeWorkload::Find(uint32_t client) {
  return client == 0 || client > parties_.size() ? nullptr : &parties_[client - 1]->process();
}

bool RecipeWorkload::Crash(uint32_t client) {
  if (Find(client) == nullptr || !parties_[client - 1]->Crash()) return false;
  scene_.rare.Add(Rare::kPartiesCrashed);
  return true;
}

void RecipeWorkload::Start(uint32_t client) { parties_[client - 1]->Start(); }

bool RecipeWorkload::Stop(uint32_t client) {
  return Find(client) != nullptr && parties_[client - 1]->Stop();
}

void RecipeWorkload::GoOn(uint32_t client) { parties_[client - 1]->GoOn(); }

}  // namespace rookery::sim
