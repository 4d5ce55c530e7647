#include "tools/rookery/topics/topics.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/metadata/tree_reader.h"
#include "tools/rookery/topics/actions.h"
#include "tools/rookery/topics/options.h"

namespace rookery::tools::topics {
namespace {

// The topics that the options mean. NotFound: a topic was named and there is none.
absl::StatusOr<TopicMarks> Chosen(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(TopicMarks all, ListTopics(client));
  std::vector<std::string> names;
  for (const auto& [name, marked] : all) {
    if (!options.exclude_internal || !kafka::IsInternalTopic(name)) names.push_back(name);
  }
  if (!options.topic.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(names, Matching(names, options.topic));
    if (names.empty() && !options.if_exists && !options.list) {
      return absl::NotFoundError(
          absl::StrCat("Topic '", options.topic, "' does not exist as expected"));
    }
  }
  TopicMarks chosen;
  for (const std::string& name : names) chosen[name] = all[name];
  return chosen;
}

absl::Status RunList(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const auto topics, Chosen(client, options));
  boost::json::array list;
  for (const auto& [name, marked] : topics) {
    if (options.json) {
      list.push_back(boost::json::object{{"topic", name}, {"marked_for_deletion", marked}});
    } else {
      std::cout << ListText(name, marked);
    }
  }
  if (options.json) std::cout << boost::json::serialize(list) << "\n";
  return absl::OkStatus();
}

absl::Status RunDescribe(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const auto names, Chosen(client, options));
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<Description> topics, Describe(client, names));
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<metadata::Broker> brokers,
                           metadata::ReadBrokers(client));
  std::vector<int32_t> live;
  live.reserve(brokers.size());
  for (const metadata::Broker& broker : brokers) live.push_back(broker.id);
  boost::json::array list;
  for (const Description& topic : topics) {
    if (options.with_overrides && topic.config.empty()) continue;
    if (!options.json) {
      std::cout << DescribeText(topic, options.filter(), live);
      continue;
    }
    boost::json::object object = DescribeJson(topic, options.filter(), live);
    if (options.filter() == Filter::kAll || !object["partitions"].as_array().empty()) {
      list.push_back(std::move(object));
    }
  }
  if (options.json) std::cout << boost::json::serialize(list) << "\n";
  return absl::OkStatus();
}

absl::Status RunCreate(client::BlockingClient& client, const Options& options) {
  kafka::CreateTopic command{.name = options.topic,
                             .partitions = options.partitions.value_or(1),
                             .replication_factor = options.replication_factor.value_or(1)};
  ROOKERY_ASSIGN_OR_RETURN(command.config, ParseConfigs(options.config));
  if (!options.replica_assignment.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(command.assignment,
                             ParseReplicaAssignment(options.replica_assignment));
  }
  if (!options.json && NeedsCollisionWarning(options.topic)) {
    std::cout << "WARNING: Due to limitations in metric names, topics with a period ('.') or "
                 "underscore ('_') could collide. To avoid issues it is best to use either, but "
                 "not both.\n";
  }
  const absl::Status status = Create(client, command, SeedFromSystem());
  if (absl::IsAlreadyExists(status) && options.if_not_exists) {
    // A name that merely collides is still an error.
    ROOKERY_ASSIGN_OR_RETURN(const TopicMarks topics, ListTopics(client));
    if (topics.contains(options.topic)) return absl::OkStatus();
  }
  ROOKERY_RETURN_IF_ERROR(status);
  if (options.json) {
    std::cout << boost::json::serialize(boost::json::object{{"created", options.topic}}) << "\n";
  } else {
    std::cout << "Created topic " << options.topic << ".\n";
  }
  return absl::OkStatus();
}

absl::Status RunDelete(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const auto topics, Chosen(client, options));
  boost::json::array marked;
  for (const auto& [name, already] : topics) {
    const absl::Status status = Delete(client, name);
    if (absl::IsAlreadyExists(status) && !options.json) {
      std::cout << status.message() << "\n";
      continue;
    }
    if (!absl::IsAlreadyExists(status)) ROOKERY_RETURN_IF_ERROR(status);
    marked.push_back(boost::json::value(name));
    if (options.json) continue;
    std::cout << "Topic " << name << " is marked for deletion.\n"
              << "Note: This will have no impact if delete.topic.enable is not set to true.\n";
  }
  if (options.json) {
    std::cout << boost::json::serialize(boost::json::object{{"marked_for_deletion", marked}})
              << "\n";
  }
  return absl::OkStatus();
}

absl::Status RunAlter(client::BlockingClient& client, const Options& options) {
  ROOKERY_ASSIGN_OR_RETURN(const auto topics, Chosen(client, options));
  kafka::AddPartitions command{.partitions = *options.partitions};
  if (!options.replica_assignment.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(command.assignment,
                             ParseReplicaAssignment(options.replica_assignment));
  }
  boost::json::array altered;
  for (const auto& [name, marked] : topics) {
    if (!options.json) {
      std::cout << "WARNING: If partitions are increased for a topic that has a key, the partition "
                   "logic or ordering of the messages will be affected\n";
    }
    command.topic = name;
    ROOKERY_RETURN_IF_ERROR(AddPartitions(client, command));
    if (!options.json) std::cout << "Adding partitions succeeded!\n";
    altered.push_back(
        boost::json::object{{"topic", name}, {"partition_count", command.partitions}});
  }
  if (options.json) std::cout << boost::json::serialize(altered) << "\n";
  return absl::OkStatus();
}

int RunTopics(const GlobalOptions& global, const Options& options) {
  if (const absl::Status good = CheckOptions(options); !good.ok()) {
    std::cerr << good.message() << "\n";
    return kExitUsage;
  }
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    if (options.list) return RunList(*client, options);
    if (options.describe) return RunDescribe(*client, options);
    if (options.create) return RunCreate(*client, options);
    return options.alter ? RunAlter(*client, options) : RunDelete(*client, options);
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error while executing topic command : " << status.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineTopics(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  Declare(app, options.get());
  return [options, &global] { return RunTopics(global, *options); };
}

}  // namespace rookery::tools::topics
