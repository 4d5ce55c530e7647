#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/reassign/commands.h"
#include "tools/rookery/reassign/files.h"

namespace rookery::tools::reassign {
namespace {

using kafka::TopicPartition;

constexpr std::chrono::milliseconds kLookAgain(100);
constexpr absl::string_view kScope =
    "One and only one of the following options is required: all-topic-partitions, topic, "
    "path-to-json-file";

struct Options {
  std::string type = "preferred";
  std::string topic;
  std::optional<int32_t> partition;
  std::string file;
  bool all = false;
  int64_t timeout_ms = 30000;
};

// How the chosen partitions are led.
struct Elected {
  std::vector<TopicPartition> preferred, others;
  std::vector<TopicPartition> missing;  // there is no such partition
};

Elected Sort(const metadata::Cluster& cluster, const std::vector<TopicPartition>& partitions) {
  Elected elected;
  for (const TopicPartition& partition : partitions) {
    const auto topic = cluster.topics.find(partition.first);
    if (topic == cluster.topics.end() ||
        !topic->second.assignment.partitions.contains(partition.second)) {
      elected.missing.push_back(partition);
      continue;
    }
    const kafka::Replicas& replicas = topic->second.assignment.partitions.at(partition.second);
    const auto state = topic->second.states.find(partition.second);
    const bool preferred = state != topic->second.states.end() && !replicas.empty() &&
                           state->second.leader == replicas.front();
    (preferred ? elected.preferred : elected.others).push_back(partition);
  }
  return elected;
}

std::string Names(const std::vector<TopicPartition>& partitions) {
  return absl::StrJoin(partitions, ", ", [](std::string* out, const TopicPartition& partition) {
    absl::StrAppend(out, partition.first, "-", partition.second);
  });
}

absl::StatusOr<std::vector<TopicPartition>> Chosen(const metadata::Cluster& cluster,
                                                   const Options& options) {
  if (!options.topic.empty())
    return std::vector<TopicPartition>{{options.topic, *options.partition}};
  if (!options.file.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
    auto partitions = kafka::DecodePreferredElection(text);
    if (partitions.ok()) return partitions;
    return absl::InvalidArgumentError(
        absl::StrCat(options.file, ": ", partitions.status().message()));
  }
  std::vector<TopicPartition> all;
  for (const auto& [name, topic] : cluster.topics) {
    if (topic.marked_for_deletion) continue;
    for (const auto& [number, replicas] : topic.assignment.partitions)
      all.emplace_back(name, number);
  }
  return all;
}

// Waits until the controller has taken the request away.
absl::Status WaitUntilDone(client::BlockingClient& client, const Options& options) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(options.timeout_ms);
  const std::string path(kafka::kPreferredElectionPath);
  while (true) {
    ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes, metadata::ReadNodes(client, {path}));
    if (!nodes.contains(path)) return absl::OkStatus();
    if (std::chrono::steady_clock::now() >= end) {
      return absl::DeadlineExceededError(
          absl::StrCat("the controller has not taken up ", path, " within ", options.timeout_ms,
                       " ms; it stays there until one does, or until it is deleted"));
    }
    std::this_thread::sleep_for(kLookAgain);
  }
}

absl::Status RunElection(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster before, metadata::ReadCluster(client));
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<TopicPartition> chosen, Chosen(before, options));
  const Elected already = Sort(before, chosen);
  if (!already.missing.empty()) {
    return absl::NotFoundError(absl::StrCat("there is no partition ", Names(already.missing)));
  }
  if (!already.preferred.empty()) {
    std::cout << "Valid replica already elected for partitions " << Names(already.preferred)
              << "\n";
  }
  if (already.others.empty()) return absl::OkStatus();
  ROOKERY_RETURN_IF_ERROR(metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForAdminRequests()));
    return kafka::PlanPreferredElection(view, already.others);
  }));
  ROOKERY_RETURN_IF_ERROR(WaitUntilDone(client, options));
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Cluster after, metadata::ReadCluster(client));
  const Elected elected = Sort(after, already.others);
  if (!elected.preferred.empty()) {
    std::cout << "Successfully completed leader election (PREFERRED) for partitions "
              << Names(elected.preferred) << "\n";
  }
  for (const TopicPartition& partition : elected.others) {
    std::cout << "Error completing leader election (PREFERRED) for partition: " << partition.first
              << "-" << partition.second << ": the preferred replica is not in sync or not live\n";
  }
  if (elected.others.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(elected.others.size(), " replica(s) could not be elected"));
}

int Usage(absl::string_view message) {
  std::cerr << message << "\n";
  return kExitUsage;
}

int RunLeaderElection(const GlobalOptions& global, const Options& options) {
  if (options.type == "unclean") {
    return Usage(
        "an unclean election needs a broker: kafka-leader-election.sh --bootstrap-server "
        "HOST:PORT --election-type unclean");
  }
  if (options.all + !options.topic.empty() + !options.file.empty() != 1) return Usage(kScope);
  if (options.topic.empty() != !options.partition) {
    return Usage(options.partition ? "Option partition is not allowed if topic is not specified"
                                   : "Missing required option(s) partition");
  }
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    return RunElection(*client, options);
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error: " << status.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineLeaderElection(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_option("--election-type", options->type, "preferred")
      ->check(CLI::IsMember({"preferred", "unclean"}, CLI::ignore_case))
      ->capture_default_str();
  app.add_option("--topic", options->topic, "with --partition: this one");
  app.add_option("--partition", options->partition, "of --topic");
  app.add_option("--path-to-json-file", options->file,
                 R"({"partitions":[{"topic":"t","partition":0}]})");
  app.add_flag("--all-topic-partitions", options->all, "every partition");
  app.add_option("--timeout-ms", options->timeout_ms, "how long to wait for the controller")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  return [options, &global] { return RunLeaderElection(global, *options); };
}

}  // namespace rookery::tools::reassign
