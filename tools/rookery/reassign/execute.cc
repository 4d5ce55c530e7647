#include <iostream>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/reassign/actions.h"
#include "tools/rookery/reassign/files.h"
#include "tools/rookery/reassign/throttle.h"

namespace rookery::tools::reassign {
namespace {

constexpr absl::string_view kOneIsRunning =
    "Cannot execute because there is an existing partition assignment.  Use --additional to "
    "override this and create a new partition assignment in addition to the existing one. The "
    "--additional flag can also be used to change the throttle by resubmitting the current "
    "reassignment.";

bool MovesAlready(const metadata::Cluster& cluster) {
  for (const auto& [name, topic] : cluster.topics) {
    if (!topic.assignment.adding.empty() || !topic.assignment.removing.empty()) return true;
  }
  return false;
}

void PrintPresent(const metadata::Cluster& cluster, const Moves& moves) {
  std::cout << "Current partition replica assignment\n\n"
            << PlanJson(Present(cluster, moves))
            << "\n\nSave this to use as the --reassignment-json-file option during rollback\n";
}

absl::Status Throttle(client::BlockingClient& client, const metadata::Cluster& cluster,
                      const Moves& moves, const Options& options) {
  if (!options.throttle) return absl::OkStatus();
  std::cout << "Warning: You must run --verify periodically, until the reassignment completes, to "
               "ensure the throttle is removed.\n";
  ROOKERY_RETURN_IF_ERROR(SetThrottles(client, ThrottlesOf(cluster, moves), *options.throttle));
  std::cout << "The inter-broker throttle limit was set to " << *options.throttle << " B/s\n";
  return absl::OkStatus();
}

// A reassignment that runs: its throttle can be changed, no more.
absl::Status Resubmit(client::BlockingClient& client, const metadata::Cluster& cluster,
                      const Moves& moves, const Moves& requested, const Options& options) {
  for (const auto& [partition, replicas] : moves) {
    const auto running = requested.find(partition);
    if (running != requested.end() && running->second == replicas) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        partition.first, "-", partition.second,
        " is not in the reassignment that runs, and the controller takes up another one from ",
        kafka::kReassignPath,
        " only when that is done: wait for it, or use kafka-reassign-partitions.sh "
        "--bootstrap-server HOST:PORT --additional"));
  }
  PrintPresent(cluster, moves);
  return Throttle(client, cluster, moves, options);
}

}  // namespace

absl::Status RunExecute(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, ReadPlan(options.file));
  ROOKERY_ASSIGN_OR_RETURN(const Moves requested, ReadRequested(client));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  ROOKERY_RETURN_IF_ERROR(CheckPlan(cluster, moves));
  if (!cluster.controller) {
    return absl::FailedPreconditionError("no controller is elected: nobody would do it");
  }
  if (!options.additional && (!requested.empty() || MovesAlready(cluster))) {
    return absl::FailedPreconditionError(kOneIsRunning);
  }
  if (!requested.empty()) return Resubmit(client, cluster, moves, requested, options);
  PrintPresent(cluster, moves);
  ROOKERY_RETURN_IF_ERROR(Throttle(client, cluster, moves, options));
  ROOKERY_RETURN_IF_ERROR(metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForAdminRequests()));
    return kafka::PlanReassign(view, moves);
  }));
  std::cout << "Successfully started partition reassignment" << (moves.size() == 1 ? "" : "s")
            << " for " << Names(moves) << "\n";
  return absl::OkStatus();
}

}  // namespace rookery::tools::reassign
