// rookery-sim: runs whole servers from seeds and tells what came of it.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/sim/run.h"

int main(int argc, char** argv) {
  CLI::App app("Whole servers on a virtual clock, network and disk, from a seed");
  uint64_t seed = 1, seeds = 1;
  bool trace = false;
  app.add_option("--seed", seed, "the first seed")->capture_default_str();
  app.add_option("--seeds", seeds, "how many, counting up")->capture_default_str();
  app.add_flag("--trace", trace, "tell what happens");
  CLI11_PARSE(app, argc, argv);
  int failed = 0;
  for (; seeds > 0; --seeds, ++seed) {
    const rookery::sim::RunPlan plan = rookery::sim::DrawPlan(seed);
    if (trace) std::printf("%s", ToText(plan).c_str());
    const rookery::sim::RunResult result = rookery::sim::RunSeed(
        plan, trace ? [](const std::string& line) { std::printf("%s\n", line.c_str()); }
                    : std::function<void(const std::string&)>());
    std::printf("seed %llu: %s trace %016llx\n  %s\n  %s\n", static_cast<unsigned long long>(seed),
                ToText(result).c_str(), static_cast<unsigned long long>(result.trace_hash),
                FaultsToText(result).c_str(), result.rare.ToText().c_str());
    for (const std::string& text : result.violations) std::printf("  VIOLATION %s\n", text.c_str());
    std::fflush(stdout);
    if (!result.violations.empty()) ++failed;
  }
  return failed == 0 ? 0 : 1;
}
