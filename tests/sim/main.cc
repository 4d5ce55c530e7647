// rookery-sim: runs whole servers from seeds and tells what came of it. tools/sim builds and calls
// it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/sim/batch.h"
#include "tests/sim/run.h"
#include "tests/sim/shrink.h"
#include "tests/sim/worker.h"
#ifdef ROOKERY_PLANTS
#include "coordinator/base/plant.h"
#endif

namespace rookery::sim {
namespace {

struct Arguments {
  uint64_t seeds = 200;
  uint64_t first_seed = 1;
  std::optional<uint64_t> seed;
  std::string faults;  // places in the seed's list that stay, "none"; empty: all
  bool recipes = false;
  bool trace = false;
  bool shrink = false;
  uint32_t jobs = 2;
  std::string plant;  // of a build with planted bugs
};

PlanOf PlansOf(bool recipes) { return recipes ? DrawRecipePlan : DrawPlan; }

RunPlan PlanOfArguments(const Arguments& arguments) {
  const RunPlan plan = PlansOf(arguments.recipes)(*arguments.seed);
  if (arguments.faults.empty()) return plan;
  std::vector<size_t> kept;
  for (const absl::string_view word : absl::StrSplit(arguments.faults, ',')) {
    size_t place = 0;
    if (absl::SimpleAtoi(word, &place)) kept.push_back(place);
  }
  return KeepFaults(plan, kept);
}

int RunOne(const RunPlan& plan, bool trace) {
  if (!trace) {
    const Outcome outcome = RunIsolated(plan);
    std::printf(
        "seed %llu: %.1f s, %llu requests (%llu succeeded), %llu faults, %.2f s of CPU, "
        "trace %016llx\n  faults: %s\n  rare paths: %s\n",
        static_cast<unsigned long long>(outcome.seed),
        static_cast<double>(outcome.virtual_us) * 1e-6,
        static_cast<unsigned long long>(outcome.requests),
        static_cast<unsigned long long>(outcome.succeeded),
        static_cast<unsigned long long>(outcome.faults), static_cast<double>(outcome.cpu_us) * 1e-6,
        static_cast<unsigned long long>(outcome.trace_hash), outcome.faults_by_kind.c_str(),
        outcome.rare.c_str());
    if (!outcome.violations.empty()) PrintViolations(outcome, plan.recipes);
    return outcome.violations.empty() ? 0 : 1;
  }
  std::printf("%s", ToText(plan).c_str());
  const RunResult result =
      RunSeed(plan, [](const std::string& line) { std::printf("%s\n", line.c_str()); });
  std::printf("seed %llu: %s, trace %016llx\n  faults: %s\n  rare paths: %s\n",
              static_cast<unsigned long long>(result.seed), ToText(result).c_str(),
              static_cast<unsigned long long>(result.trace_hash), FaultsToText(result).c_str(),
              result.rare.ToText().c_str());
  for (const std::string& text : result.violations) std::printf("VIOLATION %s\n", text.c_str());
  return result.violations.empty() ? 0 : 1;
}

int ShrinkOne(const RunPlan& plan) {
  Outcome last = RunIsolated(plan);
  if (last.violations.empty()) {
    std::printf("seed %llu does not fail\n", static_cast<unsigned long long>(plan.seed));
    return 0;
  }
  const std::vector<size_t> kept = Shrink(
      plan,
      [&](const RunPlan& less) {
        Outcome outcome = RunIsolated(less);
        const bool fails = !outcome.violations.empty();
        if (fails) last = std::move(outcome);
        return fails;
      },
      [](size_t left) {
        std::printf("\r  %zu faults left ", left);
        std::fflush(stdout);
      });
  std::printf("\n");
  for (const size_t place : kept) {
    std::printf("  fault %zu: %s\n", place, ToText(plan.faults[place]).c_str());
  }
  for (const std::string& text : last.violations) std::printf("VIOLATION %s\n", text.c_str());
  std::printf("  replay: ./tools/sim %s--seed %llu --faults %s --trace\n",
              plan.recipes ? "--recipes " : "", static_cast<unsigned long long>(plan.seed),
              kept.empty() ? "none" : absl::StrJoin(kept, ",").c_str());
  return 1;
}

#ifdef ROOKERY_PLANTS
void ListPlants() {
  for (const auto& plant : plants::All()) {
    std::printf("%-28s %s\n", std::string(plant.name).c_str(), std::string(plant.what).c_str());
  }
}

// Each planted bug must be caught, by seeds that pass without it.
int TryAllPlants(const BatchOptions& options) {
  bool caught_all = true;
  for (const auto& plant : plants::All()) {
    plants::Activate(plant.name);
    const std::optional<Outcome> first = FirstViolation(options, PlansOf(plant.recipe));
    const std::string how =
        !first.has_value() ? "NOT CAUGHT"
                           : absl::StrCat("seed ", first->seed, ": ", first->violations.front());
    std::printf("%-28s %s\n", std::string(plant.name).c_str(), how.c_str());
    std::fflush(stdout);
    caught_all = caught_all && first.has_value();
  }
  return caught_all ? 0 : 1;
}
#endif

int Main(int argc, char** argv) {
  CLI::App app("Whole servers and clients on a virtual clock, network and disk, from seeds");
  Arguments arguments;
  uint64_t seed = 0;
  app.add_option("--seeds", arguments.seeds, "how many")->capture_default_str();
  app.add_option("--first-seed", arguments.first_seed, "they count up")->capture_default_str();
  auto* one = app.add_option("--seed", seed, "this one alone");
  app.add_flag("--recipes", arguments.recipes, "clients that play recipes of coordination");
  app.add_flag("--trace", arguments.trace, "tell what happens")->needs(one);
  app.add_flag("--shrink", arguments.shrink, "leave out faults without which it fails too")
      ->needs(one);
  app.add_option("--faults", arguments.faults, "places in the seed's list that stay, or none")
      ->needs(one);
  app.add_option("--jobs", arguments.jobs, "processes at a time")->capture_default_str();
#ifdef ROOKERY_PLANTS
  app.add_option("--plant", arguments.plant, "a planted bug to look for, list, or all");
#endif
  CLI11_PARSE(app, argc, argv);
  BatchOptions batch = {
      .first_seed = arguments.first_seed, .seeds = arguments.seeds, .jobs = arguments.jobs};
#ifdef ROOKERY_PLANTS
  if (arguments.plant == "list") return ListPlants(), 0;
  if (arguments.plant == "all") return TryAllPlants(batch);
  if (!arguments.plant.empty() && !plants::Activate(arguments.plant)) {
    std::printf("there is no planted bug %s: --plant list\n", arguments.plant.c_str());
    return 2;
  }
  batch.stop_at_violation = !arguments.plant.empty();
  for (const auto& plant : plants::All()) {
    if (plant.name == arguments.plant) arguments.recipes = plant.recipe;
  }
#endif
  batch.recipes = arguments.recipes;
  if (one->count() == 0) return RunBatch(batch, PlansOf(arguments.recipes)) ? 0 : 1;
  arguments.seed = seed;
  // Places count in the seed's whole list, also when some stay out already.
  if (arguments.shrink) return ShrinkOne(PlansOf(arguments.recipes)(seed));
  return RunOne(PlanOfArguments(arguments), arguments.trace);
}

}  // namespace
}  // namespace rookery::sim

int main(int argc, char** argv) { return rookery::sim::Main(argc, argv); }
