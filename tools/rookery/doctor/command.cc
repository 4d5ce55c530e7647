#include "tools/rookery/doctor/command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <memory>

#include "tools/rookery/doctor/report.h"

namespace rookery::tools::doctor {
namespace {

constexpr size_t kSubjectsShown = 10;

struct Options {
  bool json = false, all = false;
};

int RunDoctor(const GlobalOptions& global, const Options& options) {
  const absl::StatusOr<metadata::Cluster> cluster = metadata::ReadCluster(global);
  if (!cluster.ok()) {
    std::cerr << "rookery doctor: " << cluster.status().message() << "\n";
    return kExitFailed;
  }
  const std::vector<Finding> findings = Diagnose(*cluster);
  if (options.json) {
    std::cout << boost::json::serialize(ToJson(*cluster, findings)) << "\n";
  } else {
    std::cout << ToText(*cluster, findings,
                        options.all ? std::numeric_limits<size_t>::max() : kSubjectsShown);
  }
  return findings.empty() || findings.front().severity == Severity::kUntidy ? kExitOk : kExitFailed;
}

}  // namespace

Run DefineDoctor(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_flag("--all", options->all, "every subject of a finding, not the first ten");
  app.add_flag("--json", options->json, "for programs");
  app.footer("Exit status 1 if something is broken or at risk.");
  return [options, &global] { return RunDoctor(global, *options); };
}

}  // namespace rookery::tools::doctor
