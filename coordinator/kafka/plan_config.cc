#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/config_keys.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/model/path.h"

namespace rookery::kafka {
namespace {

model::CreateRequest Create(std::string path, model::Data data,
                            int32_t flags = model::kPersistent) {
  return {
      .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl(), .flags = flags};
}

// A broker would take the text for what it encoded itself.
absl::Status RefusePasswords(const AlterConfig& command) {
  if (command.entity.parts.front().type != ConfigEntity::Type::kBroker) return absl::OkStatus();
  const std::vector<std::string> encoded = EncodedKeys(command.add);
  if (encoded.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("passwords (", absl::StrJoin(encoded, ", "),
                   ") are kept encoded with the broker's password.encoder.secret: set them by "
                   "kafka-configs.sh --bootstrap-server, or with that secret by its --zookeeper"));
}

// What stands may be of another version of Kafka: its keys are not judged, but whether the new ones
// go together with them.
absl::Status CheckWhole(const AlterConfig& command, const ConfigMap& config) {
  if (command.entity.parts.front().type != ConfigEntity::Type::kTopic) return absl::OkStatus();
  ConfigMap known;
  for (const auto& [name, value] : config) {
    const ConfigKey* const key = FindConfigKey(TopicConfigKeys(), name);
    if (key != nullptr && CheckConfigValue(*key, name, value).ok()) known[name] = value;
  }
  return ValidateTopicConfig(known);
}

// What is deleted with an entity that has lost its last key, children first; nothing if it stays.
std::vector<model::DeleteRequest> Emptied(const TreeView& view, const ConfigEntity& entity) {
  std::vector<model::DeleteRequest> gone;
  const ConfigEntity::Type type = entity.parts.front().type;
  if (type == ConfigEntity::Type::kTopic || type == ConfigEntity::Type::kBroker) return gone;
  std::string path = entity.Path();
  const auto node = view.find(path);
  if (node == view.end() || node->second.children > 0) return gone;
  gone.push_back({.path = path, .version = node->second.version});
  if (entity.parts.size() == 1) return gone;
  // users/U/clients/C: the list of clients, and then the user.
  path = std::string(model::ParentPath(path));
  const auto clients = view.find(path);
  if (clients == view.end() || clients->second.children > 1) return gone;
  gone.push_back({.path = path, .version = clients->second.version});
  path = std::string(model::ParentPath(path));
  const auto user = view.find(path);
  if (user == view.end() || user->second.children > 1 ||
      !DecodeConfig(user->second.data.value_or("")).empty()) {
    return gone;
  }
  gone.push_back({.path = path, .version = user->second.version});
  return gone;
}

}  // namespace

std::vector<std::string> PathsForAlterConfig(const ConfigEntity& entity) {
  std::vector<std::string> paths;
  const std::string entity_path = entity.Path();
  for (absl::string_view path = entity_path; path != "/"; path = model::ParentPath(path)) {
    paths.insert(paths.begin(), std::string(path));
  }
  paths.emplace_back(kConfigChangesPath);
  return paths;
}

absl::StatusOr<Plan> PlanAlterConfig(const TreeView& view, const AlterConfig& command) {
  ROOKERY_RETURN_IF_ERROR(ValidateConfig(command.entity, command.add));
  ROOKERY_RETURN_IF_ERROR(RefusePasswords(command));
  const std::string path = command.entity.Path();
  const auto existing = view.find(path);
  ConfigMap config;
  if (existing != view.end() && existing->second.data.has_value()) {
    config = DecodeConfig(*existing->second.data);
  }
  std::vector<std::string> unknown;
  for (const std::string& key : command.remove) {
    if (config.erase(key) == 0) unknown.push_back(key);
  }
  if (!unknown.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Invalid config(s): ", absl::StrJoin(unknown, ",")));
  }
  for (const auto& [key, value] : command.add) config[key] = value;
  ROOKERY_RETURN_IF_ERROR(CheckWhole(command, config));

  Plan plan;
  if (config.empty()) {
    for (model::DeleteRequest& gone : Emptied(view, command.entity)) {
      plan.parts.emplace_back(std::move(gone));
    }
  }
  if (existing != view.end() && plan.parts.empty()) {
    plan.parts.push_back(model::SetDataRequest{
        .path = path, .data = EncodeConfig(config), .version = existing->second.version});
  }
  for (const std::string& needed : PathsForAlterConfig(command.entity)) {
    if (view.contains(needed)) continue;
    plan.parts.push_back(needed == path ? Create(needed, EncodeConfig(config))
                                        : Create(needed, std::nullopt));
  }
  plan.parts.push_back(Create(std::string(kConfigChangePrefix),
                              EncodeConfigChange(command.entity.EntityPath()),
                              model::kPersistentSequential));
  return plan;
}

}  // namespace rookery::kafka
