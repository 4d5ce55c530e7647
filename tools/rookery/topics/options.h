// The command line of `rookery topics`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/kafka/topic.h"
#include "tools/rookery/topics/description.h"

namespace CLI {
class App;
}

namespace rookery::tools::topics {

struct Options {
  bool list = false, describe = false, create = false, alter = false, remove = false;
  std::string topic;
  std::optional<int32_t> partitions;
  std::optional<int32_t> replication_factor;
  std::string replica_assignment;
  std::vector<std::string> config;
  bool under_replicated = false, unavailable = false, under_min_isr = false, at_min_isr = false;
  bool with_overrides = false;
  bool if_exists = false, if_not_exists = false, exclude_internal = false;
  bool json = false;

  Filter filter() const;
};

void Declare(CLI::App& app, Options* options);

// InvalidArgument says in Kafka's words which options do not go together or are missing.
absl::Status CheckOptions(const Options& options);

// "1:2,2:3": the replicas of each partition in turn. InvalidArgument: not of this form, a broker
// twice, or partitions of different factors.
absl::StatusOr<std::map<int32_t, kafka::Replicas>> ParseReplicaAssignment(const std::string& text);

// Of --config name=value. InvalidArgument: not of this form.
absl::StatusOr<kafka::ConfigMap> ParseConfigs(const std::vector<std::string>& pairs);

}  // namespace rookery::tools::topics
