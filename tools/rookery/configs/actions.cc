#include "tools/rookery/configs/actions.h"

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::configs {
namespace {

using Part = kafka::ConfigEntity::Part;

// The entity of a node's name; the name itself if it is not one that Kafka writes.
Part PartOf(EntityType type, const std::string& node) {
  if (node == kafka::kDefaultEntity) return {.type = type, .is_default = true};
  if (type == EntityType::kTopic || type == EntityType::kBroker) {
    return {.type = type, .name = node};
  }
  return {.type = type, .name = kafka::Desanitize(node).value_or(node)};
}

// `prefix` with every entity that `wanted` means.
absl::StatusOr<std::vector<kafka::ConfigEntity>> Extend(client::BlockingClient& client,
                                                        const kafka::ConfigEntity& prefix,
                                                        const EntityChoice::Part& wanted) {
  std::vector<kafka::ConfigEntity> entities;
  const auto add = [&](Part part) {
    entities.push_back(prefix);
    entities.back().parts.push_back(std::move(part));
  };
  if (wanted.entity) {
    add(*wanted.entity);
    return entities;
  }
  const std::string root = prefix.parts.empty() ? "/config" : prefix.Path();
  ROOKERY_ASSIGN_OR_RETURN(
      const std::vector<std::string> names,
      metadata::ReadChildren(client, absl::StrCat(root, "/", TypeName(wanted.type))));
  for (const std::string& name : names) add(PartOf(wanted.type, name));
  return entities;
}

}  // namespace

absl::Status Alter(client::BlockingClient& client, const kafka::AlterConfig& command) {
  const Part& first = command.entity.parts.front();
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    std::vector<std::string> paths = kafka::PathsForAlterConfig(command.entity);
    const std::string topic_path =
        first.type == EntityType::kTopic ? kafka::TopicPath(first.name) : std::string();
    if (!topic_path.empty()) paths.push_back(topic_path);
    ROOKERY_ASSIGN_OR_RETURN(const kafka::TreeView view, metadata::ReadView(client, paths));
    if (!topic_path.empty() && !view.contains(topic_path)) {
      return absl::NotFoundError(absl::StrCat("Topic \"", first.name, "\" does not exist."));
    }
    return kafka::PlanAlterConfig(view, command);
  });
}

absl::StatusOr<std::vector<EntityConfig>> Describe(client::BlockingClient& client,
                                                   const EntityChoice& choice) {
  std::vector<kafka::ConfigEntity> entities(1);
  for (const EntityChoice::Part& wanted : choice.parts) {
    std::vector<kafka::ConfigEntity> longer;
    for (const kafka::ConfigEntity& prefix : entities) {
      ROOKERY_ASSIGN_OR_RETURN(std::vector<kafka::ConfigEntity> extended,
                               Extend(client, prefix, wanted));
      longer.insert(longer.end(), extended.begin(), extended.end());
    }
    entities = std::move(longer);
  }
  std::vector<std::string> paths;
  paths.reserve(entities.size());
  for (const kafka::ConfigEntity& entity : entities) paths.push_back(entity.Path());
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes, metadata::ReadNodes(client, paths));
  std::vector<EntityConfig> configs;
  for (size_t i = 0; i < entities.size(); ++i) {
    const auto node = nodes.find(paths[i]);
    kafka::ConfigMap config;
    if (node != nodes.end()) config = kafka::DecodeConfig(node->second.data.value_or(""));
    if (!config.empty() || choice.IsOneEntity()) {
      configs.emplace_back(entities[i], std::move(config));
    }
  }
  return configs;
}

}  // namespace rookery::tools::configs
