#include <iostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/reassign/actions.h"
#include "tools/rookery/reassign/files.h"
#include "tools/rookery/reassign/throttle.h"

namespace rookery::tools::reassign {
namespace {

bool HasBegun(const metadata::Cluster& cluster, const kafka::TopicPartition& partition) {
  const auto topic = cluster.topics.find(partition.first);
  return topic != cluster.topics.end() &&
         (topic->second.assignment.adding.contains(partition.second) ||
          topic->second.assignment.removing.contains(partition.second));
}

bool AnythingMoves(const metadata::Cluster& cluster) {
  for (const auto& [name, topic] : cluster.topics) {
    if (!topic.assignment.adding.empty() || !topic.assignment.removing.empty()) return true;
  }
  return false;
}

// All limits of every broker and of the plan's topics: nobody knows any more which brokers were
// copied from.
absl::Status ClearAll(client::BlockingClient& client, const metadata::Cluster& cluster,
                      const Moves& moves) {
  std::set<int32_t> brokers;
  std::set<std::string> topics;
  for (const auto& [broker, rack] : cluster.brokers) brokers.insert(broker);
  for (const auto& [partition, replicas] : moves) {
    brokers.insert(replicas.begin(), replicas.end());
    topics.insert(partition.first);
  }
  std::cout << "Clearing broker-level throttles on broker" << (brokers.size() == 1 ? "" : "s")
            << " " << absl::StrJoin(brokers, ",") << "\n"
            << "Clearing topic-level throttles on topic" << (topics.size() == 1 ? "" : "s") << " "
            << absl::StrJoin(topics, ",") << "\n";
  return ClearThrottles(client, brokers, topics);
}

// One line of --verify; false: it is not where it should be.
bool PrintState(const metadata::Cluster& cluster, const Moves& present, const Moves& requested,
                const kafka::TopicPartition& partition, const kafka::Replicas& wanted) {
  const std::string name = absl::StrCat(partition.first, "-", partition.second);
  const auto replicas = present.find(partition);
  if (replicas == present.end()) {
    std::cout << "There is no partition " << name << ".\n";
    return false;
  }
  if (requested.contains(partition) || HasBegun(cluster, partition)) {
    std::cout << "Reassignment of partition " << name << " is still in progress.\n";
    return false;
  }
  if (replicas->second == wanted) {
    std::cout << "Reassignment of partition " << name << " is completed.\n";
    return true;
  }
  std::cout << "There is no active reassignment of partition " << name << ", but replica set is "
            << absl::StrJoin(replicas->second, ",") << " rather than " << absl::StrJoin(wanted, ",")
            << ".\n";
  return false;
}

// Takes partitions of `moves` out of the request; those that were in it.
absl::StatusOr<Moves> TakeBack(client::BlockingClient& client, const Moves& moves) {
  Moves taken;
  ROOKERY_RETURN_IF_ERROR(metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForAdminRequests()));
    taken.clear();
    return kafka::PlanCancelReassign(view, moves, &taken);
  }));
  return taken;
}

absl::Status CheckNoneHasBegun(const metadata::Cluster& cluster, const Moves& moves) {
  Moves begun;
  for (const auto& [partition, replicas] : moves) {
    if (HasBegun(cluster, partition)) begun[partition] = replicas;
  }
  if (begun.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the controller has begun to move ", Names(begun),
      ", and only a broker can stop it: kafka-reassign-partitions.sh --bootstrap-server HOST:PORT "
      "--cancel"));
}

}  // namespace

absl::Status RunVerify(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, ReadPlan(options.file));
  ROOKERY_ASSIGN_OR_RETURN(const Moves requested, ReadRequested(client));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster cluster, metadata::ReadCluster(client));
  const Moves present = Present(cluster, moves);
  std::cout << "Status of partition reassignment:\n";
  size_t unfinished = 0;
  for (const auto& [partition, wanted] : moves) {
    if (!PrintState(cluster, present, requested, partition, wanted)) ++unfinished;
  }
  if (requested.empty() && !AnythingMoves(cluster) && !options.preserve_throttles) {
    std::cout << "\n";
    ROOKERY_RETURN_IF_ERROR(ClearAll(client, cluster, moves));
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

absl::Status RunCancel(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const Moves moves, ReadPlan(options.file));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster before, metadata::ReadCluster(client));
  ROOKERY_RETURN_IF_ERROR(CheckNoneHasBegun(before, moves));
  ROOKERY_ASSIGN_OR_RETURN(const Moves taken, TakeBack(client, moves));
  // The controller may have read the request before it was taken back.
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster after, metadata::ReadCluster(client));
  ROOKERY_RETURN_IF_ERROR(CheckNoneHasBegun(after, taken));
  if (taken.empty()) {
    std::cout << "None of the specified partition reassignments are active.\n";
  } else {
    std::cout << "Successfully cancelled partition reassignment" << (taken.size() == 1 ? "" : "s")
              << " for: " << Names(taken) << "\n";
  }
  return options.preserve_throttles ? absl::OkStatus() : ClearAll(client, after, moves);
}

}  // namespace rookery::tools::reassign
