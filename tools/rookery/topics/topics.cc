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

namespace rookery::tools::topics {
namespace {

struct Options {
  bool list = false, describe = false, create = false, remove = false;
  std::string topic;
  int32_t partitions = 1;
  int32_t replication_factor = 1;
  std::vector<std::string> config;
  bool under_replicated = false, unavailable = false, with_overrides = false;
  bool if_exists = false, if_not_exists = false, exclude_internal = false;
  bool json = false;

  Filter filter() const {
    if (under_replicated) return Filter::kUnderReplicated;
    return unavailable ? Filter::kUnavailable : Filter::kAll;
  }
};

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
                             .partitions = options.partitions,
                             .replication_factor = options.replication_factor};
  for (const std::string& pair : options.config) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected --config name=value, found '", pair, "'"));
    }
    command.config[pair.substr(0, equals)] = pair.substr(equals + 1);
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

int RunTopics(const GlobalOptions& global, const Options& options) {
  if (options.list + options.describe + options.create + options.remove != 1) {
    std::cerr << "Command must include exactly one action: --list, --describe, --create or "
                 "--delete\n";
    return kExitUsage;
  }
  if ((options.create || options.remove) && options.topic.empty()) {
    std::cerr << "Missing required argument \"[topic]\"\n";
    return kExitUsage;
  }
  const auto run = [&]() -> absl::Status {
    ROOKERY_ASSIGN_OR_RETURN(const auto client, metadata::Open(global));
    if (options.list) return RunList(*client, options);
    if (options.describe) return RunDescribe(*client, options);
    return options.create ? RunCreate(*client, options) : RunDelete(*client, options);
  };
  const absl::Status status = run();
  if (status.ok()) return kExitOk;
  std::cerr << "Error while executing topic command : " << status.message() << "\n";
  return kExitFailed;
}

}  // namespace

Run DefineTopics(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_flag("--list", options->list, "names of all topics");
  app.add_flag("--describe", options->describe, "partitions, leaders, replicas, configurations");
  app.add_flag("--create", options->create, "a topic");
  app.add_flag("--delete", options->remove, "mark topics for deletion");
  app.add_option("--topic", options->topic,
                 "a topic; for the other actions a regular expression too");
  app.add_option("--partitions", options->partitions, "of a new topic")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--replication-factor", options->replication_factor, "of a new topic")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--config", options->config, "name=value of a new topic; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--under-replicated-partitions", options->under_replicated,
               "describe these partitions only");
  app.add_flag("--unavailable-partitions", options->unavailable,
               "describe partitions without a live leader only");
  app.add_flag("--topics-with-overrides", options->with_overrides,
               "describe topics with a configuration of their own only");
  app.add_flag("--if-exists", options->if_exists, "no error if there is no such topic");
  app.add_flag("--if-not-exists", options->if_not_exists, "no error if the topic exists");
  app.add_flag("--exclude-internal", options->exclude_internal, "leave Kafka's own topics out");
  app.add_flag("--json", options->json, "for programs");
  return [options, &global] { return RunTopics(global, *options); };
}

}  // namespace rookery::tools::topics
