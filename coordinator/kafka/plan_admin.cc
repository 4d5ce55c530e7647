#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/model/path.h"

namespace rookery::kafka {
namespace {

// A node with a request to the controller, which takes it away once it is done.
absl::StatusOr<Plan> PlanRequest(const TreeView& view, absl::string_view path, std::string data,
                                 absl::string_view exists) {
  if (view.contains(std::string(path))) return absl::AlreadyExistsError(exists);
  Plan plan;
  const std::string parent(model::ParentPath(path));
  if (!view.contains(parent)) {
    plan.parts.push_back(
        model::CreateRequest{.path = parent, .data = std::nullopt, .acl = *model::OpenAcl()});
  }
  plan.parts.push_back(model::CreateRequest{
      .path = std::string(path), .data = std::move(data), .acl = *model::OpenAcl()});
  return plan;
}

}  // namespace

std::vector<std::string> PathsForAdminRequests() {
  return {std::string(model::ParentPath(kReassignPath)), std::string(kReassignPath),
          std::string(kPreferredElectionPath)};
}

absl::StatusOr<Plan> PlanReassign(const TreeView& view,
                                  const std::map<TopicPartition, Replicas>& moves) {
  return PlanRequest(view, kReassignPath, EncodeReassignment(moves),
                     "There is an existing assignment running.");
}

absl::StatusOr<Plan> PlanCancelReassign(const TreeView& view,
                                        const std::map<TopicPartition, Replicas>& moves,
                                        std::map<TopicPartition, Replicas>* taken) {
  Plan plan;
  const std::string path(kReassignPath);
  const auto node = view.find(path);
  if (node == view.end()) return plan;
  ROOKERY_ASSIGN_OR_RETURN(auto requested, DecodeReassignment(node->second.data.value_or("")));
  for (const auto& [partition, replicas] : moves) {
    const auto found = requested.find(partition);
    if (found == requested.end()) continue;
    taken->insert(*found);
    requested.erase(found);
  }
  if (taken->empty()) return plan;
  const int32_t version = node->second.version;
  if (requested.empty()) {
    plan.parts.push_back(model::DeleteRequest{.path = path, .version = version});
  } else {
    plan.parts.push_back(model::SetDataRequest{
        .path = path, .data = EncodeReassignment(requested), .version = version});
  }
  return plan;
}

absl::StatusOr<Plan> PlanPreferredElection(const TreeView& view,
                                           const std::vector<TopicPartition>& partitions) {
  return PlanRequest(view, kPreferredElectionPath, EncodePreferredElection(partitions),
                     "Preferred replica leader election currently in progress.");
}

}  // namespace rookery::kafka
