#include "absl/strings/str_cat.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/model/path.h"

namespace rookery::kafka {

bool IsInternalTopic(absl::string_view topic) {
  return topic == "__consumer_offsets" || topic == "__transaction_state";
}

std::vector<std::string> PathsForDeleteTopic(absl::string_view topic) {
  return {TopicPath(topic), std::string(model::ParentPath(kDeleteTopicsPath)),
          std::string(kDeleteTopicsPath), DeleteTopicPath(topic)};
}

absl::StatusOr<Plan> PlanDeleteTopic(const TreeView& view, absl::string_view topic) {
  if (!view.contains(TopicPath(topic))) {
    return absl::NotFoundError(absl::StrCat("Topic '", topic, "' does not exist as expected"));
  }
  if (IsInternalTopic(topic)) {
    return absl::InvalidArgumentError(
        absl::StrCat("Topic ", topic,
                     " is a kafka internal topic and is not allowed to be marked for deletion."));
  }
  if (view.contains(DeleteTopicPath(topic))) {
    return absl::AlreadyExistsError(
        absl::StrCat("Topic ", topic, " is already marked for deletion."));
  }
  Plan plan;
  // A topic that is gone by then must leave no mark: a controller would delete its successor.
  plan.parts.push_back(model::CheckRequest{.path = TopicPath(topic), .version = -1});
  for (const std::string& needed : PathsForDeleteTopic(topic)) {
    if (view.contains(needed)) continue;
    plan.parts.push_back(
        model::CreateRequest{.path = needed, .data = std::nullopt, .acl = *model::OpenAcl()});
  }
  return plan;
}

}  // namespace rookery::kafka
