#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/plan.h"

namespace rookery::kafka {
namespace {

absl::Status CheckName(const CreateTopicView& view, const std::string& name) {
  if (!IsLegalTopicName(name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "topic name '", name,
        "' is illegal: expected 1 to 249 characters of [a-zA-Z0-9._-], not '.' or '..'"));
  }
  if (view.being_deleted) {
    return absl::AlreadyExistsError(absl::StrCat("topic '", name, "' is marked for deletion"));
  }
  for (const std::string& other : view.topics) {
    if (other == name) {
      return absl::AlreadyExistsError(absl::StrCat("Topic '", name, "' already exists."));
    }
    if (TopicNamesCollide(other, name)) {
      return absl::AlreadyExistsError(
          absl::StrCat("Topic '", name, "' collides with existing topics: ", other));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Plan> PlanCreateTopic(const CreateTopicView& view, const CreateTopic& command,
                                     Random& random) {
  ROOKERY_RETURN_IF_ERROR(CheckName(view, command.name));
  ROOKERY_RETURN_IF_ERROR(ValidateTopicConfig(command.config));
  TopicAssignment topic;
  if (command.assignment.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(topic.partitions, PlaceReplicas(view.brokers, command.partitions,
                                                             command.replication_factor, random));
  } else {
    ROOKERY_RETURN_IF_ERROR(CheckNewAssignment(command.assignment));
    topic.partitions = command.assignment;
  }
  const uint64_t high = random.Next();
  topic.topic_id = EncodeUuid(high, random.Next());

  Plan plan;
  const std::string config = EncodeConfig(command.config);
  if (view.config.has_value()) {
    plan.parts.push_back(model::SetDataRequest{
        .path = TopicConfigPath(command.name), .data = config, .version = view.config->version});
  } else {
    plan.parts.push_back(model::CreateRequest{
        .path = TopicConfigPath(command.name), .data = config, .acl = *model::OpenAcl()});
  }
  plan.parts.push_back(model::CreateRequest{
      .path = TopicPath(command.name), .data = EncodeTopic(topic), .acl = *model::OpenAcl()});
  return plan;
}

}  // namespace rookery::kafka
