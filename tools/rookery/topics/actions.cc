#include "tools/rookery/topics/actions.h"

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::topics {
namespace {

using metadata::Nodes;

absl::StatusOr<std::vector<kafka::PlacementBroker>> ReadPlacementBrokers(
    client::BlockingClient& client) {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<metadata::Broker> brokers,
                           metadata::ReadBrokers(client));
  std::vector<kafka::PlacementBroker> result;
  for (const metadata::Broker& broker : brokers) {
    result.push_back({broker.id, broker.registration.rack});
  }
  return result;
}

absl::StatusOr<kafka::CreateTopicView> ReadCreateView(client::BlockingClient& client,
                                                      const std::string& topic) {
  kafka::CreateTopicView view;
  ROOKERY_ASSIGN_OR_RETURN(view.brokers, ReadPlacementBrokers(client));
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
    if (!nodes.contains(kafka::TopicPath(name))) continue;  // gone since it was listed
    ROOKERY_ASSIGN_OR_RETURN(Description topic, metadata::ParseTopic(name, nodes));
    topic.marked_for_deletion = marked;
    for (std::string& path : metadata::StatePaths(topic)) state_paths.push_back(std::move(path));
    topics.push_back(std::move(topic));
  }
  ROOKERY_ASSIGN_OR_RETURN(const Nodes states, metadata::ReadNodes(client, state_paths));
  for (Description& topic : topics) {
    ROOKERY_RETURN_IF_ERROR(metadata::ParseStates(states, &topic));
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

absl::Status AddPartitions(client::BlockingClient& client, const kafka::AddPartitions& command) {
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    const std::string topic_path = kafka::TopicPath(command.topic);
    const std::string delete_path = kafka::DeleteTopicPath(command.topic);
    kafka::AddPartitionsView view;
    ROOKERY_ASSIGN_OR_RETURN(view.brokers, ReadPlacementBrokers(client));
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView nodes,
                             metadata::ReadView(client, {topic_path, delete_path}));
    if (const auto topic = nodes.find(topic_path); topic != nodes.end()) view.topic = topic->second;
    view.being_deleted = nodes.contains(delete_path);
    return kafka::PlanAddPartitions(view, command);
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
