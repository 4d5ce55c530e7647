// rookery-sim: runs the simulated ensemble from a seed and tells what came of it.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/sim/workload.h"

int main(int argc, char** argv) {
  CLI::App app("Three whole servers on a virtual clock, network and disk, from a seed");
  rookery::sim::RunOptions options;
  uint64_t seeds = 1;
  app.add_option("--seed", options.seed, "the first seed")->capture_default_str();
  app.add_option("--seeds", seeds, "how many, counting up")->capture_default_str();
  app.add_option("--requests", options.requests, "of all clients together")->capture_default_str();
  app.add_option("--clients", options.clients, "how many")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  int failed = 0;
  for (; seeds > 0; --seeds, ++options.seed) {
    const rookery::sim::RunResult result = rookery::sim::RunWorkload(options);
    const bool good = result.live && result.missing == 0 && result.doubled == 0 &&
                      result.digests[0] == result.digests[1] &&
                      result.digests[1] == result.digests[2];
    if (!good) ++failed;
    std::printf("seed %llu %s%s", static_cast<unsigned long long>(options.seed),
                good ? "" : "FAILED ", rookery::sim::ToText(result).c_str());
  }
  return failed == 0 ? 0 : 1;
}
