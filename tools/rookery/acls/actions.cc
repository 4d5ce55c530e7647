#include "tools/rookery/acls/actions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "tools/rookery/metadata/plan_runner.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::acls {
namespace {

bool IsMeant(const std::vector<ResourceFilter>& filters, const kafka::ResourcePattern& resource) {
  return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const auto& filter) {
           return Matches(filter, resource);
         });
}

}  // namespace

absl::StatusOr<kafka::AclsByResource> ReadAcls(client::BlockingClient& client,
                                               const std::vector<ResourceFilter>& filters) {
  std::vector<kafka::ResourcePattern> resources;
  std::vector<std::string> paths;
  for (const auto pattern : {kafka::PatternType::kLiteral, kafka::PatternType::kPrefixed}) {
    for (const kafka::ResourceType type : kafka::kResourceTypes) {
      ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                               metadata::ReadChildren(client, kafka::AclTypePath(type, pattern)));
      for (const std::string& name : names) {
        kafka::ResourcePattern resource{.type = type, .name = name, .pattern = pattern};
        if (!IsMeant(filters, resource)) continue;
        paths.push_back(kafka::AclPath(resource));
        resources.push_back(std::move(resource));
      }
    }
  }
  ROOKERY_ASSIGN_OR_RETURN(const metadata::Nodes nodes, metadata::ReadNodes(client, paths));
  kafka::AclsByResource acls;
  for (size_t i = 0; i < resources.size(); ++i) {
    const auto node = nodes.find(paths[i]);
    if (node == nodes.end()) continue;  // gone since it was listed
    auto entries = kafka::DecodeAcls(node->second.data.value_or(""));
    if (!entries.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(paths[i], ": ", entries.status().message()));
    }
    if (!entries->empty()) acls[resources[i]] = *std::move(entries);
  }
  return acls;
}

absl::Status Alter(client::BlockingClient& client, const kafka::AlterAcls& command) {
  return metadata::RunPlan(client, [&]() -> absl::StatusOr<kafka::Plan> {
    ROOKERY_ASSIGN_OR_RETURN(
        const kafka::TreeView view,
        metadata::ReadView(client, kafka::PathsForAlterAcls(command.resource)));
    return kafka::PlanAlterAcls(view, command);
  });
}

}  // namespace rookery::tools::acls
