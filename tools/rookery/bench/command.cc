#include "tools/rookery/bench/command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/base/clock.h"
#include "coordinator/client/connect_string.h"
#include "tools/rookery/bench/gap.h"
#include "tools/rookery/bench/load.h"
#include "tools/rookery/bench/report.h"

namespace rookery::tools::bench {
namespace {

struct BenchOptions {
  LoadOptions load;
  GapOptions gap;
  bool json = false;
  bool no_prepare = false;
};

int Failed(const absl::Status& status) {
  std::cerr << "rookery bench: " << status.message() << "\n";
  return kExitFailed;
}

int RunLoadCommand(BenchOptions& options, const GlobalOptions& global) {
  if (global.protocol != "zookeeper") {
    std::cerr << "rookery bench: the load speaks ZooKeeper's protocol only; bench gap both\n";
    return kExitUsage;
  }
  const auto servers = client::ParseConnectString(global.servers);
  if (!servers.ok()) return Failed(servers.status());
  options.load.servers = servers->servers;
  options.load.space.root = servers->chroot + options.load.space.root;
  if (options.load.op == Op::kCreate && options.load.first_key == 0 && !options.no_prepare) {
    // A run's nodes are its own, so that none exists already.
    absl::StrAppend(&options.load.space.root, "/create-", SystemClock().WallMs());
  }
  if (!options.no_prepare) {
    if (absl::Status status = Prepare(options.load); !status.ok()) return Failed(status);
  }
  const auto result = RunLoad(options.load);
  if (!result.ok()) return Failed(result.status());
  std::cout << (options.json ? LoadJson(options.load, *result) + "\n" : LoadText(*result));
  return result->errors.empty() ? kExitOk : kExitFailed;
}

int RunGapCommand(BenchOptions& options, const GlobalOptions& global) {
  options.gap.servers = global.servers;
  const auto protocol = client::ParseProtocol(global.protocol);
  if (!protocol.ok()) return Failed(protocol.status());
  options.gap.protocol = *protocol;
  if (!options.json) {
    options.gap.on_gap = [](const Gap& gap) { std::cout << OneGapText(gap) << "\n" << std::flush; };
  }
  const auto result = MeasureGap(options.gap);
  if (!result.ok()) return Failed(result.status());
  std::cout << (options.json ? GapJson(options.gap, *result) + "\n" : GapText(*result));
  const bool kept = result->verified && result->missing == 0 && result->doubled == 0;
  return result->acknowledged > 0 && kept ? kExitOk : kExitFailed;
}

void DefineLoad(CLI::App& app, BenchOptions* options) {
  LoadOptions& load = options->load;
  app.add_option("--op", load.op, "what to ask")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Op>{
          {"set", Op::kSet}, {"get", Op::kGet}, {"create", Op::kCreate}}));
  app.add_option("--connections", load.connections, "sessions, dealt to the servers in turn")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--inflight", load.inflight, "unanswered requests per connection")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--threads", load.threads, "threads that drive the connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  auto* seconds = app.add_option("--seconds", load.seconds, "how long to measure")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str();
  app.add_option("--count", load.count, "how many to do, instead of a time")->excludes(seconds);
  app.add_option("--warmup", load.warmup_seconds, "seconds of load before measuring")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--size", load.size, "bytes of data")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  app.add_option("--keys", load.keys, "set, get: nodes they are spread over")
      ->check(CLI::Range(1, 100000000))
      ->capture_default_str();
  app.add_option("--first-key", load.first_key,
                 "create: number of the first node; else each run has a folder of its own")
      ->capture_default_str();
  app.add_option("--parents", load.space.parents, "nodes that the others lie below")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--root", load.space.root, "node that everything lies below")
      ->capture_default_str();
  app.add_flag("--no-prepare", options->no_prepare, "the nodes are there already");
  app.add_flag("--json", options->json, "one line of JSON");
}

void DefineGap(CLI::App& app, BenchOptions* options) {
  GapOptions& gap = options->gap;
  app.add_option("--connections", gap.connections, "sessions that write")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--inflight", gap.inflight, "unanswered writes per connection")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seconds", gap.seconds, "how long to measure")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--size", gap.size, "bytes of data")->capture_default_str();
  app.add_option("--report-ms", gap.report_ms, "tell of every pause at least so long")
      ->capture_default_str();
  app.add_option("--session-timeout-ms", gap.session_timeout_ms, "asked for")
      ->capture_default_str();
  app.add_flag("--json", options->json, "one line of JSON");
}

}  // namespace

Run DefineBench(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<BenchOptions>();
  DefineLoad(app, options.get());
  CLI::App* gap = app.add_subcommand("gap", "the longest pause in writes while servers are killed");
  DefineGap(*gap, options.get());
  return [options, gap, &global] {
    return gap->parsed() ? RunGapCommand(*options, global) : RunLoadCommand(*options, global);
  };
}

}  // namespace rookery::tools::bench
