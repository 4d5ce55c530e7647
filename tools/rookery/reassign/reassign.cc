#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/metadata/tree_reader.h"
#include "tools/rookery/reassign/actions.h"
#include "tools/rookery/reassign/commands.h"
#include "tools/rookery/reassign/files.h"

namespace rookery::tools::reassign {
namespace {

absl::StatusOr<Moves> MakePlan(const metadata::Cluster& cluster, const Options& options) {
  const std::set<int32_t> brokers(options.brokers.begin(), options.brokers.end());
  if (options.plan == "drain") return PlanDrain(cluster, brokers);
  if (options.plan == "add") return PlanAdd(cluster, brokers);
  return PlanBalance(cluster);
}

absl::Status RunPlanning(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, MakePlan(cluster, options));
  if (options.json) {
    std::cout << PlanJson(moves) << "\n";
  } else {
    std::cout << "Current partition replica assignment\n"
              << PlanJson(Present(cluster, moves))
              << "\n\nProposed partition reassignment configuration\n"
              << PlanJson(moves) << "\n";
  }
  std::cerr << moves.size() << " partitions change, " << CopiedReplicas(cluster, moves)
            << " replicas are copied\n";
  return absl::OkStatus();
}

int Usage(absl::string_view message) {
  std::cerr << message << "\n";
  return kExitUsage;
}

// "": the options go together.
std::string Misuse(const Options& options) {
  if (options.execute + options.verify + options.list + options.cancel + !options.plan.empty() !=
      1) {
    return "Command must include exactly one action: --plan, --execute, --verify, --list or "
           "--cancel";
  }
  if ((options.execute || options.verify || options.cancel) && options.file.empty()) {
    return "Missing required argument \"[reassignment-json-file]\"";
  }
  if (options.log_dirs_throttle) {
    return "only brokers move replicas between log directories, so their throttle needs one too: "
           "kafka-reassign-partitions.sh --bootstrap-server HOST:PORT "
           "--replica-alter-log-dirs-throttle B";
  }
  if (options.throttle && !options.execute) return "--throttle belongs to --execute";
  if (options.additional && !options.execute) return "--additional belongs to --execute";
  if (options.preserve_throttles && !options.verify && !options.cancel) {
    return "--preserve-throttles belongs to --verify and --cancel";
  }
  if ((options.plan == "drain" || options.plan == "add") == options.brokers.empty()) {
    return options.plan.empty() || options.plan == "balance"
               ? "--brokers belongs to --plan drain and --plan add"
               : absl::StrCat("--plan ", options.plan, " needs --brokers");
  }
  return "";
}

int RunReassign(const GlobalOptions& global, const Options& options) {
  if (const std::string misuse = Misuse(options); !misuse.empty()) return Usage(misuse);
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    if (options.execute) return RunExecute(*client, options);
    if (options.verify) return RunVerify(*client, options);
    if (options.cancel) return RunCancel(*client, options);
    return options.list ? RunList(*client) : RunPlanning(*client, options);
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error: " << status.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineReassign(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--plan", options->plan,
                 "print a plan with as few moves as can be: drain --brokers (empty them), add "
                 "--brokers (fill them), or balance")
      ->check(CLI::IsMember({"drain", "add", "balance"}));
  app.add_option("--brokers", options->brokers, "of --plan: 3 or 3,4")->delimiter(',');
  app.add_flag("--execute", options->execute, "have the controller do a plan");
  app.add_flag("--verify", options->verify, "how far it is; takes throttles off once it is done");
  app.add_flag("--list", options->list, "what is under way");
  app.add_flag("--cancel", options->cancel, "take back what the controller has not begun");
  app.add_option("--reassignment-json-file", options->file, "the plan");
  app.add_option("--throttle", options->throttle,
                 "of --execute: bytes a second that each broker may send and receive for it")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--replica-alter-log-dirs-throttle", options->log_dirs_throttle,
                 "not without a broker");
  app.add_flag("--additional", options->additional,
               "of --execute: although something moves already; or to change its throttle");
  app.add_flag("--preserve-throttles", options->preserve_throttles,
               "of --verify and --cancel: leave throttles as they are");
  app.add_flag("--json", options->json, "of --plan: the plan alone, for a file");
  return [options, &global] { return RunReassign(global, *options); };
}

}  // namespace rookery::tools::reassign
