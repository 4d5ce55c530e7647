#include "tools/rookery/topics/actions.h"

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::topics {
namespace {

using metadata::Node;
using metadata::Nodes;

// The data of a node, "" if it is missing or null.
std::string DataOf(const Nodes& nodes, const std::string& path) {
  const auto node = nodes.find(path);
  return node == nodes.end() ? "" : node->second.data.value_or("");
}

absl::StatusOr<kafka::CreateTopicView> ReadCreateView(client::BlockingClient& client,
                                                      const std::string& topic) {
  kafka::CreateTopicView view;
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<metadata::Broker> brokers,
                           metadata::ReadBrokers(client));
  for (const metadata::Broker& broker : brokers) {
    view.brokers.push_back({broker.id, broker.registration.rack});
  }
  ROOKERY_ASSIGN_OR_RETURN(view.topics,
                           metadata::ReadChildren(client, std::string(kafka::kTopicsPath)));
  const std::string config_path = kafka::TopicConfigPath(topic);
  const std::string delete_path = kafka::DeleteTopicPath(topic);
  ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView nodes,
                           metadata::ReadView(client, {config_path, delete_path}));
  view.being_deleted = nodes.contains(delete_path);
  if (const auto config = nodes.find(config_path); config != nodes.end()) {
    view.config = config->second;
  }
  return view;
}

}  // namespace

absl::StatusOr<TopicMarks> ListTopics(client::BlockingClient& client) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                           metadata::ReadChildren(client, std::string(kafka::kTopicsPath)));
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> marked,
                           metadata::ReadChildren(client, std::string(kafka::kDeleteTopicsPath)));
  TopicMarks topics;
  for (const std::string& name : names) topics[name] = false;
  for (const std::string& name : marked) {
    if (const auto topic = topics.find(name); topic != topics.end()) topic->second = true;
  }
  return topics;
}

absl::StatusOr<std::vector<Description>> Describe(client::BlockingClient& client,
                                                  const TopicMarks& names) {
  std::vector<std::string> paths;
  for (const auto& [name, marked] : names) {
    paths.push_back(kafka::TopicPath(name));
    paths.push_back(kafka::TopicConfigPath(name));
  }
  ROOKERY_ASSIGN_OR_RETURN(const Nodes nodes, metadata::ReadNodes(client, paths));
  std::vector<Description> topics;
  std::vector<std::string> state_paths;
  for (const auto& [name, marked] : names) {
    const std::string path = kafka::TopicPath(name);
    if (!nodes.contains(path)) continue;  // gone since it was listed
    Description topic{.name = name, .marked_for_deletion = marked};
    auto assignment = kafka::DecodeTopic(DataOf(nodes, path));
    if (!assignment.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", assignment.status().message()));
    }
    topic.assignment = *std::move(assignment);
    topic.config = kafka::DecodeConfig(DataOf(nodes, kafka::TopicConfigPath(name)));
    for (const auto& [partition, replicas] : topic.assignment.partitions) {
      state_paths.push_back(kafka::PartitionStatePath(name, partition));
    }
    topics.push_back(std::move(topic));
  }
  ROOKERY_ASSIGN_OR_RETURN(const Nodes states, metadata::ReadNodes(client, state_paths));
  for (Description& topic : topics) {
    for (const auto& [partition, replicas] : topic.assignment.partitions) {
      const std::string path = kafka::PartitionStatePath(topic.name, partition);
      if (!states.contains(path)) continue;
      auto state = kafka::DecodePartitionState(DataOf(states, path));
      if (!state.ok()) {
        return absl::InvalidArgumentError(absl::StrCat(path, ": ", state.status().message()));
      }
      topic.states[partition] = *std::move(state);
    }
  }
  return topics;
}

absl::Status Create(client::BlockingClient& client, const kafka::CreateTopic& command,
                    uint64_t seed) {
  Random random(seed);
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::CreateTopicView view,
                             ReadCreateView(client, command.name));
    return kafka::PlanCreateTopic(view, command, random);
  });
}

absl::Status Delete(client::BlockingClient& client, const std::string& topic) {
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view,
                             metadata::ReadView(client, kafka::PathsForDeleteTopic(topic)));
    return kafka::PlanDeleteTopic(view, topic);
  });
}

}  // namespace rookery::tools::topics
