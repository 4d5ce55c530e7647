#include "coordinator/kafka/cluster_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/paths.h"

namespace rookery::kafka {

using Type = ConfigEntity::Type;

std::optional<NodeSource::Node> ClusterReader::Get(absl::string_view path) {
  NodeSource::Node node = source_->Get(BelowRoot(root_, path));
  if (node.access == NodeSource::Access::kRefused) withheld_ = true;
  if (node.access != NodeSource::Access::kFound) return std::nullopt;
  return node;
}

std::vector<std::string> ClusterReader::Children(absl::string_view path) {
  NodeSource::Names names = source_->Children(BelowRoot(root_, path));
  if (names.access == NodeSource::Access::kRefused) withheld_ = true;
  return std::move(names.names);
}

template <typename Decode>
auto ClusterReader::Read(const std::optional<NodeSource::Node>& node, absl::string_view path,
                         Decode decode)
    -> std::optional<typename decltype(decode(""))::value_type> {
  if (!node.has_value() || !node->data.has_value()) return std::nullopt;
  auto value = decode(*node->data);
  if (value.ok()) return *std::move(value);
  unreadable_.push_back({std::string(path), std::string(value.status().message())});
  return std::nullopt;
}

std::vector<int32_t> ClusterReader::BrokerIds() {
  std::vector<int32_t> ids;
  for (const std::string& name : Children(kBrokerIdsPath)) {
    const std::string path = absl::StrCat(kBrokerIdsPath, "/", name);
    const Meaning meaning = MeaningOf(path);
    if (const auto* broker = std::get_if<BrokerNode>(&meaning)) {
      ids.push_back(broker->broker);
    } else {
      unreadable_.push_back({path, "expected a broker's number as its name"});
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::optional<BrokerView> ClusterReader::Broker(int32_t id) {
  const std::string path = BrokerPath(id);
  const auto node = Get(path);
  auto registration = Read(node, path, DecodeBroker);
  if (!registration.has_value()) return std::nullopt;
  return BrokerView{id, node->czxid, *std::move(registration)};
}

ControllerView ClusterReader::ReadController() {
  ControllerView view;
  view.controller = Read(Get(kControllerPath), kControllerPath, DecodeController);
  view.epoch = Read(Get(kControllerEpochPath), kControllerEpochPath, DecodeControllerEpoch);
  return view;
}

std::string ClusterReader::ClusterId() {
  return Read(Get(kClusterIdPath), kClusterIdPath, DecodeClusterId).value_or("");
}

std::vector<std::string> ClusterReader::TopicNames() { return Children(kTopicsPath); }

std::optional<TopicAssignment> ClusterReader::Assignment(const std::string& topic) {
  const std::string path = TopicPath(topic);
  return Read(Get(path), path, DecodeTopic);
}

std::optional<TopicView> ClusterReader::Topic(const std::string& name) {
  auto assignment = Assignment(name);
  if (!assignment.has_value()) return std::nullopt;
  TopicView topic{.name = name, .assignment = *std::move(assignment)};
  for (const auto& [partition, replicas] : topic.assignment.partitions) {
    const std::string state_path = PartitionStatePath(name, partition);
    const auto node = Get(state_path);
    auto state = Read(node, state_path, DecodePartitionState);
    if (state.has_value()) topic.states[partition] = {*std::move(state), node->version};
  }
  const auto config = Get(TopicConfigPath(name));
  if (config.has_value()) topic.config = DecodeConfig(config->data.value_or(""));
  topic.marked_for_deletion = Get(DeleteTopicPath(name)).has_value();
  return topic;
}

std::vector<std::string> ClusterReader::TopicsMarkedForDeletion() {
  return Children(kDeleteTopicsPath);
}

std::vector<ConfigEntity> ClusterReader::Entities(Type type) {
  // The name of the list by way of an entity in it.
  const std::string probe = ConfigEntity{{{.type = type, .is_default = true}}}.Path();
  const std::string list = probe.substr(0, probe.rfind('/'));
  std::vector<ConfigEntity> entities;
  const auto add = [&](const std::string& path) {
    Meaning meaning = MeaningOf(path);
    if (auto* node = std::get_if<ConfigNode>(&meaning)) {
      entities.push_back(std::move(node->entity));
    } else {
      unreadable_.push_back({path, "expected a name that Kafka would write"});
    }
  };
  for (const std::string& name : Children(list)) {
    const std::string path = absl::StrCat(list, "/", name);
    add(path);
    if (type != Type::kUser) continue;
    const std::string clients = absl::StrCat(path, "/clients");
    for (const std::string& client : Children(clients)) add(absl::StrCat(clients, "/", client));
  }
  return entities;
}

std::optional<EntityView> ClusterReader::Config(const ConfigEntity& entity) {
  const auto node = Get(entity.Path());
  if (!node.has_value() || !node->data.has_value()) return std::nullopt;
  return EntityView{entity, DecodeConfig(*node->data)};
}

std::vector<ResourcePattern> ClusterReader::AclResources() {
  std::vector<ResourcePattern> resources;
  for (const PatternType pattern : {PatternType::kLiteral, PatternType::kPrefixed}) {
    for (const ResourceType type : kResourceTypes) {
      for (std::string& name : Children(AclTypePath(type, pattern))) {
        resources.push_back({type, std::move(name), pattern});
      }
    }
  }
  return resources;
}

std::optional<AclView> ClusterReader::Acls(const ResourcePattern& resource) {
  const std::string path = AclPath(resource);
  auto entries = Read(Get(path), path, DecodeAcls);
  if (!entries.has_value()) return std::nullopt;
  return AclView{resource, *std::move(entries)};
}

}  // namespace rookery::kafka
