#include "tools/rookery/whatif/command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tools/rookery/whatif/outage.h"

namespace rookery::tools::whatif {
namespace {

constexpr size_t kSubjectsShown = 10;

struct Options {
  std::vector<int32_t> down;
  bool json = false, all = false;
};

int RunWhatif(const GlobalOptions& global, const Options& options) {
  const absl::StatusOr<metadata::Cluster> cluster = metadata::ReadCluster(global);
  if (!cluster.ok()) {
    std::cerr << "rookery whatif: " << cluster.status().message() << "\n";
    return kExitFailed;
  }
  for (const int32_t broker : options.down) {
    if (cluster->IsLive(broker)) continue;
    std::cerr << "rookery whatif: broker " << broker
              << " is not registered: rookery brokers shows who is there\n";
    return kExitUsage;
  }
  const Outage outage = Without(*cluster, {options.down.begin(), options.down.end()});
  if (options.json) {
    boost::json::object object = ToJson(outage);
    object["zxid"] = cluster->zxid;
    std::cout << boost::json::serialize(object) << "\n";
  } else {
    std::cout << "as of zxid 0x" << std::hex << cluster->zxid << std::dec << "\n"
              << ToText(outage, options.all ? std::numeric_limits<size_t>::max() : kSubjectsShown);
  }
  return outage.leaderless.empty() && outage.under_min_isr.empty() ? kExitOk : kExitFailed;
}

}  // namespace

Run DefineWhatif(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--down", options->down, "brokers that would go: 3 or 3,4")
      ->delimiter(',')
      ->required();
  app.add_flag("--all", options->all, "every partition, not the first ten");
  app.add_flag("--json", options->json, "for programs");
  app.footer(
      "Changes nothing. Exit status 1 if a partition would have no leader or refuse acks=all.");
  return [options, &global] { return RunWhatif(global, *options); };
}

}  // namespace rookery::tools::whatif
