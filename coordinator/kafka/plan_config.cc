#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/status_macros.h"
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

  Plan plan;
  if (existing != view.end()) {
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
