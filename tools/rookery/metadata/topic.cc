#include "tools/rookery/metadata/topic.h"

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/paths.h"

namespace rookery::tools::metadata {

std::string DataOf(const Nodes& nodes, const std::string& path) {
  const auto node = nodes.find(path);
  return node == nodes.end() ? "" : node->second.data.value_or("");
}

absl::StatusOr<Topic> ParseTopic(const std::string& name, const Nodes& nodes) {
  Topic topic{.name = name};
  const std::string path = kafka::TopicPath(name);
  auto assignment = kafka::DecodeTopic(DataOf(nodes, path));
  if (!assignment.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", assignment.status().message()));
  }
  topic.assignment = *std::move(assignment);
  topic.config = kafka::DecodeConfig(DataOf(nodes, kafka::TopicConfigPath(name)));
  return topic;
}

std::vector<std::string> StatePaths(const Topic& topic) {
  std::vector<std::string> paths;
  for (const auto& [partition, replicas] : topic.assignment.partitions) {
    paths.push_back(kafka::PartitionStatePath(topic.name, partition));
  }
  return paths;
}

absl::Status ParseStates(const Nodes& nodes, Topic* topic) {
  for (const auto& [partition, replicas] : topic->assignment.partitions) {
    const std::string path = kafka::PartitionStatePath(topic->name, partition);
    if (!nodes.contains(path)) continue;
    auto state = kafka::DecodePartitionState(DataOf(nodes, path));
    if (!state.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", state.status().message()));
    }
    topic->states[partition] = *std::move(state);
  }
  return absl::OkStatus();
}

}  // namespace rookery::tools::metadata
