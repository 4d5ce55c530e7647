#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/model/path.h"

namespace rookery::kafka {
namespace {

model::CreateRequest Create(std::string path, model::Data data,
                            int32_t flags = model::kPersistent) {
  return {
      .path = std::move(path), .data = std::move(data), .acl = *model::OpenAcl(), .flags = flags};
}

void AddAncestors(absl::string_view path, std::vector<std::string>* paths) {
  const size_t begin = paths->size();
  for (absl::string_view at = model::ParentPath(path); at != "/"; at = model::ParentPath(at)) {
    paths->insert(paths->begin() + static_cast<std::ptrdiff_t>(begin), std::string(at));
  }
}

absl::Status Check(const AlterAcls& command) {
  const ResourcePattern& resource = command.resource;
  if (resource.name.empty() || absl::StrContains(resource.name, '/')) {
    return absl::InvalidArgumentError(absl::StrCat("illegal resource name '", resource.name,
                                                   "': expected one without '/', not empty"));
  }
  if (resource.type == ResourceType::kCluster && resource.name != kClusterResource) {
    return absl::InvalidArgumentError(
        absl::StrCat("the cluster's resource is named '", kClusterResource, "'"));
  }
  for (const AclEntry& entry : command.add) {
    if (!absl::StrContains(entry.principal, ':')) {
      return absl::InvalidArgumentError(absl::StrCat("illegal principal '", entry.principal,
                                                     "': expected type:name, as in User:alice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> PathsForAlterAcls(const ResourcePattern& resource) {
  const std::string path = AclPath(resource);
  std::vector<std::string> paths;
  AddAncestors(path, &paths);
  paths.push_back(path);
  AddAncestors(EncodeAclChange(resource).prefix, &paths);
  return paths;
}

absl::StatusOr<Plan> PlanAlterAcls(const TreeView& view, const AlterAcls& command) {
  ROOKERY_RETURN_IF_ERROR(Check(command));
  const std::string path = AclPath(command.resource);
  const auto existing = view.find(path);
  AclEntries before;
  if (existing != view.end()) {
    auto decoded = DecodeAcls(existing->second.data.value_or(""));
    if (!decoded.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", decoded.status().message()));
    }
    before = *std::move(decoded);
  }
  AclEntries after = before;
  for (const AclEntry& entry : command.remove) after.erase(entry);
  if (command.remove_all) after.clear();
  after.insert(command.add.begin(), command.add.end());

  Plan plan;
  if (after == before) return plan;
  if (existing != view.end()) {
    const int32_t version = existing->second.version;
    if (after.empty()) {
      plan.parts.push_back(model::DeleteRequest{.path = path, .version = version});
    } else {
      plan.parts.push_back(
          model::SetDataRequest{.path = path, .data = EncodeAcls(after), .version = version});
    }
  }
  for (const std::string& needed : PathsForAlterAcls(command.resource)) {
    if (view.contains(needed)) continue;
    plan.parts.push_back(needed == path ? Create(needed, EncodeAcls(after))
                                        : Create(needed, std::nullopt));
  }
  AclChange change = EncodeAclChange(command.resource);
  plan.parts.push_back(
      Create(std::move(change.prefix), std::move(change.data), model::kPersistentSequential));
  return plan;
}

}  // namespace rookery::kafka
