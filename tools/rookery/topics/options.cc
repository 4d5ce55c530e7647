#include "tools/rookery/topics/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace rookery::tools::topics {
namespace {

using Names = std::vector<absl::string_view>;

// An option that was given, and the actions that it belongs to.
struct Use {
  bool given;
  absl::string_view name;
  Names actions;
};

std::vector<Use> UsesOf(const Options& options) {
  return {
      {!options.config.empty(), "config", {"create"}},
      {options.partitions.has_value(), "partitions", {"create", "alter"}},
      {options.replication_factor.has_value(), "replication-factor", {"create"}},
      {!options.replica_assignment.empty(), "replica-assignment", {"create", "alter"}},
      {options.under_replicated, "under-replicated-partitions", {"describe"}},
      {options.unavailable, "unavailable-partitions", {"describe"}},
      {options.under_min_isr, "under-min-isr-partitions", {"describe"}},
      {options.at_min_isr, "at-min-isr-partitions", {"describe"}},
      {options.with_overrides, "topics-with-overrides", {"describe"}},
      {options.if_exists, "if-exists", {"describe", "alter", "delete"}},
      {options.if_not_exists, "if-not-exists", {"create"}},
      {options.exclude_internal, "exclude-internal", {"list", "describe"}},
  };
}

absl::Status Together(absl::string_view a, absl::string_view b) {
  return absl::InvalidArgumentError(
      absl::StrCat("Option \"[", a, "]\" can't be used with option \"[", b, "]\""));
}

absl::Status Missing(absl::string_view option) {
  return absl::InvalidArgumentError(absl::StrCat("Missing required argument \"[", option, "]\""));
}

absl::string_view ActionOf(const Options& options) {
  if (options.list) return "list";
  if (options.describe) return "describe";
  if (options.create) return "create";
  return options.alter ? "alter" : "delete";
}

}  // namespace

Filter Options::filter() const {
  if (under_replicated) return Filter::kUnderReplicated;
  if (under_min_isr) return Filter::kUnderMinIsr;
  if (at_min_isr) return Filter::kAtMinIsr;
  return unavailable ? Filter::kUnavailable : Filter::kAll;
}

void Declare(CLI::App& app, Options* options) {
  app.add_flag("--list", options->list, "names of all topics");
  app.add_flag("--describe", options->describe, "partitions, leaders, replicas, configurations");
  app.add_flag("--create", options->create, "a topic");
  app.add_flag("--alter", options->alter, "give topics more --partitions");
  app.add_flag("--delete", options->remove, "mark topics for deletion");
  app.add_option("--topic", options->topic,
                 "a topic; for the other actions a regular expression too");
  app.add_option("--partitions", options->partitions,
                 "how many partitions a topic shall have; 1 unless it is said")
      ->check(CLI::PositiveNumber);
  app.add_option("--replication-factor", options->replication_factor,
                 "of a new topic; 1 unless it is said")
      ->check(CLI::PositiveNumber);
  app.add_option("--replica-assignment", options->replica_assignment,
                 "replicas of each partition in turn, the preferred leader first: 1:2,2:3");
  app.add_option("--config", options->config, "name=value of a new topic; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--under-replicated-partitions", options->under_replicated,
               "describe these partitions only");
  app.add_flag("--unavailable-partitions", options->unavailable,
               "describe partitions without a live leader only");
  app.add_flag("--under-min-isr-partitions", options->under_min_isr,
               "describe partitions with fewer replicas in sync than their topic asks for only");
  app.add_flag("--at-min-isr-partitions", options->at_min_isr,
               "describe partitions with just as many replicas in sync as that only");
  app.add_flag("--topics-with-overrides", options->with_overrides,
               "describe topics with a configuration of their own only");
  app.add_flag("--if-exists", options->if_exists, "no error if there is no such topic");
  app.add_flag("--if-not-exists", options->if_not_exists, "no error if the topic exists");
  app.add_flag("--exclude-internal", options->exclude_internal, "leave Kafka's own topics out");
  app.add_flag("--json", options->json, "for programs");
}

absl::Status CheckOptions(const Options& options) {
  if (options.list + options.describe + options.create + options.alter + options.remove != 1) {
    return absl::InvalidArgumentError(
        "Command must include exactly one action: --list, --describe, --create, --alter or "
        "--delete");
  }
  if (!options.list && !options.describe && options.topic.empty()) return Missing("topic");
  if (options.alter && !options.config.empty()) {
    return absl::InvalidArgumentError(
        "Option \"[config]\" can't be used with option \"[alter]\": configurations of a topic that "
        "exists are altered by rookery configs --alter --entity-type topics");
  }
  if (options.alter && !options.partitions) return Missing("partitions");
  const absl::string_view action = ActionOf(options);
  absl::string_view filter;
  for (const Use& use : UsesOf(options)) {
    if (!use.given) continue;
    if (std::find(use.actions.begin(), use.actions.end(), action) == use.actions.end()) {
      return Together(use.name, action);
    }
    if (use.actions != Names{"describe"}) continue;
    if (!filter.empty()) return Together(filter, use.name);
    filter = use.name;
  }
  if (options.create && !options.replica_assignment.empty()) {
    if (options.partitions) return Together("replica-assignment", "partitions");
    if (options.replication_factor) return Together("replica-assignment", "replication-factor");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<int32_t, kafka::Replicas>> ParseReplicaAssignment(const std::string& text) {
  std::map<int32_t, kafka::Replicas> assignment;
  for (const absl::string_view partition : absl::StrSplit(text, ',')) {
    const auto number = static_cast<int32_t>(assignment.size());
    kafka::Replicas& replicas = assignment[number];
    for (const absl::string_view word : absl::StrSplit(partition, ':')) {
      int32_t broker = 0;
      if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(word), &broker) || broker < 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "expected --replica-assignment broker:broker,broker:broker, found '", text, "'"));
      }
      if (std::find(replicas.begin(), replicas.end(), broker) != replicas.end()) {
        return absl::InvalidArgumentError(
            absl::StrCat("Partition replica lists may not contain duplicate entries: ", broker));
      }
      replicas.push_back(broker);
    }
    if (replicas.size() == assignment.at(0).size()) continue;
    return absl::InvalidArgumentError(absl::StrCat("Partition ", number,
                                                   " has different replication factor: [",
                                                   absl::StrJoin(replicas, ", "), "]"));
  }
  return assignment;
}

absl::StatusOr<kafka::ConfigMap> ParseConfigs(const std::vector<std::string>& pairs) {
  kafka::ConfigMap config;
  for (const absl::string_view pair : pairs) {
    const size_t equals = pair.find('=');
    const absl::string_view name =
        absl::StripAsciiWhitespace(pair.substr(0, std::min(equals, pair.size())));
    if (equals == absl::string_view::npos || name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected --config name=value, found '", pair, "'"));
    }
    config[std::string(name)] = std::string(absl::StripAsciiWhitespace(pair.substr(equals + 1)));
  }
  return config;
}

}  // namespace rookery::tools::topics
