// A topic as its nodes tell it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/topic.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::metadata {

struct Topic {
  std::string name;
  kafka::TopicAssignment assignment;
  // By partition; a partition that the controller has not started yet has none.
  std::map<int32_t, kafka::PartitionState> states;
  kafka::ConfigMap config;
  bool marked_for_deletion = false;
};

// The data of a node, "" if it is missing or null.
std::string DataOf(const Nodes& nodes, const std::string& path);

// Assignment and configuration from `nodes`, which hold /brokers/topics/<name>, and
// /config/topics/<name> if there is one. InvalidArgument names the node that makes no sense.
absl::StatusOr<Topic> ParseTopic(const std::string& name, const Nodes& nodes);
// Where the states of the assigned partitions are.
std::vector<std::string> StatePaths(const Topic& topic);
// The states of those partitions whose nodes there are. InvalidArgument as above.
absl::Status ParseStates(const Nodes& nodes, Topic* topic);

}  // namespace rookery::tools::metadata
