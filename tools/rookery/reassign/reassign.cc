#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/reassign/commands.h"
#include "tools/rookery/reassign/files.h"

namespace rookery::tools::reassign {
namespace {

struct Options {
  bool execute = false, verify = false, list = false, cancel = false, json = false;
  std::string plan;
  std::vector<int32_t> brokers;
  std::string file;
};

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

absl::StatusOr<Moves> MovesOfFile(const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
  auto moves = kafka::DecodeReassignment(text);
  if (moves.ok()) return moves;
  return absl::InvalidArgumentError(absl::StrCat(options.file, ": ", moves.status().message()));
}

absl::Status RunExecute(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, MovesOfFile(options));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  ROOKERY_RETURN_IF_ERROR(CheckPlan(cluster, moves));
  if (!cluster.controller) {
    return absl::FailedPreconditionError("no controller is elected: nobody would do it");
  }
  ROOKERY_RETURN_IF_ERROR(metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForAdminRequests()));
    return kafka::PlanReassign(view, moves);
  }));
  std::cout << "Current partition replica assignment\n\n"
            << PlanJson(Present(cluster, moves))
            << "\n\nSave this to use as the --reassignment-json-file option during rollback\n"
            << "Successfully started partition reassignment" << (moves.size() == 1 ? "" : "s")
            << " for " << Names(moves) << "\n";
  return absl::OkStatus();
}

// What the controller has not begun yet.
absl::StatusOr<Moves> Requested(client::BlockingClient& client) {
  const std::string path(kafka::kReassignPath);
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes, metadata::ReadNodes(client, {path}));
  if (!nodes.contains(path)) return Moves();
  return kafka::DecodeReassignment(metadata::DataOf(nodes, path));
}

absl::Status RunVerify(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, MovesOfFile(options));
  ROOKERY_ASSIGN_OR_RETURN(const Moves requested, Requested(client));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  const Moves present = Present(cluster, moves);
  std::cout << "Status of partition reassignment:\n";
  size_t unfinished = 0;
  for (const auto& [partition, wanted] : moves) {
    const std::string name = absl::StrCat(partition.first, "-", partition.second);
    if (!present.contains(partition)) {
      std::cout << "There is no partition " << name << ".\n";
      ++unfinished;
      continue;
    }
    const auto& assignment = cluster.topics.at(partition.first).assignment;
    if (requested.contains(partition) || assignment.adding.contains(partition.second) ||
        assignment.removing.contains(partition.second)) {
      std::cout << "Reassignment of partition " << name << " is still in progress.\n";
      ++unfinished;
    } else if (present.at(partition) == wanted) {
      std::cout << "Reassignment of partition " << name << " is completed.\n";
    } else {
      std::cout << "There is no active reassignment of partition " << name
                << ", but replica set is " << absl::StrJoin(present.at(partition), ",")
                << " rather than " << absl::StrJoin(wanted, ",") << ".\n";
      ++unfinished;
    }
  }
  if (unfinished == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(unfinished, " of ", moves.size(), " partitions are not where they should be"));
}

absl::Status RunList(client::BlockingClient& client) {
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  std::string text;
  const auto brokers = [](const char* what, const auto& partitions, int32_t number) {
    const auto found = partitions.find(number);
    if (found == partitions.end()) return std::string();
    return absl::StrCat(" ", what, ": ", absl::StrJoin(found->second, ","), ".");
  };
  for (const auto& [name, topic] : cluster.topics) {
    const auto& [partitions, adding, removing, id] = topic.assignment;
    for (const auto& [number, replicas] : partitions) {
      if (!adding.contains(number) && !removing.contains(number)) continue;
      absl::StrAppend(&text, name, "-", number, ": replicas: ", absl::StrJoin(replicas, ","), ".",
                      brokers("adding", adding, number), brokers("removing", removing, number),
                      "\n");
    }
  }
  std::cout << (text.empty() ? "No partition reassignments found.\n"
                             : absl::StrCat("Current partition reassignments:\n", text));
  return absl::OkStatus();
}

int Usage(absl::string_view message) {
  std::cerr << message << "\n";
  return kExitUsage;
}

int RunReassign(const GlobalOptions& global, const Options& options) {
  if (options.cancel) {
    return Usage(
        "--cancel needs a broker: kafka-reassign-partitions.sh --bootstrap-server HOST:PORT "
        "--cancel");
  }
  if (options.execute + options.verify + options.list + !options.plan.empty() != 1) {
    return Usage("Command must include exactly one action: --plan, --execute, --verify or --list");
  }
  if ((options.execute || options.verify) && options.file.empty()) {
    return Usage("Missing required argument \"[reassignment-json-file]\"");
  }
  if ((options.plan == "drain" || options.plan == "add") == options.brokers.empty()) {
    return Usage(options.plan.empty() || options.plan == "balance"
                     ? "--brokers belongs to --plan drain and --plan add"
                     : absl::StrCat("--plan ", options.plan, " needs --brokers"));
  }
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    if (options.execute) return RunExecute(*client, options);
    if (options.verify) return RunVerify(*client, options);
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
  app.add_flag("--verify", options->verify, "how far it is");
  app.add_flag("--list", options->list, "what is under way");
  app.add_flag("--cancel", options->cancel, "not without a broker");
  app.add_option("--reassignment-json-file", options->file, "the plan");
  app.add_flag("--json", options->json, "of --plan: the plan alone, for a file");
  return [options, &global] { return RunReassign(global, *options); };
}

}  // namespace rookery::tools::reassign
