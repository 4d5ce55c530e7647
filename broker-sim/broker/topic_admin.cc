#include "broker-sim/broker/topic_admin.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {
namespace {

using model::ErrorCode;

TopicResponse Refused(Error error, absl::string_view message) {
  return {.error = error, .message = std::string(message)};
}

TopicResponse Throttled(int64_t throttle_ms) {
  return {.throttle_ms = throttle_ms,
          .error = Error::kThrottlingQuotaExceeded,
          .message = "The throttling quota has been exceeded."};
}

}  // namespace

// Other topics are listed only for a name that could collide.
Async<absl::Status> TopicAdmin::CheckName(std::string topic) {
  if (!kafka::IsLegalTopicName(topic)) {
    co_return absl::InvalidArgumentError(absl::StrCat("topic name '", topic, "' is illegal"));
  }
  const auto marked = co_await session_->Exists(kafka::DeleteTopicPath(topic));
  const auto present = co_await session_->Exists(kafka::TopicPath(topic));
  if (marked.ok()) {
    co_return absl::AlreadyExistsError(absl::StrCat("topic '", topic, "' is marked for deletion"));
  }
  if (present.ok()) {
    co_return absl::AlreadyExistsError(absl::StrCat("Topic '", topic, "' already exists."));
  }
  if (topic.find_first_of("._") == std::string::npos) co_return absl::OkStatus();
  const auto others = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  for (const std::string& other : others.value.children) {
    if (!kafka::TopicNamesCollide(other, topic)) continue;
    co_return absl::AlreadyExistsError(
        absl::StrCat("Topic '", topic, "' collides with existing topics: ", other));
  }
  co_return absl::OkStatus();
}

// Guarded by /controller, so that no broker writes once a KRaft controller has taken it.
Async<bool> TopicAdmin::WriteConfig(std::string path, std::string config) {
  const auto controller = co_await session_->GetData(std::string(kafka::kControllerPath));
  if (!controller.ok()) co_return false;
  model::MultiRequest guarded;
  guarded.parts.push_back(model::CheckRequest{.path = std::string(kafka::kControllerPath),
                                              .version = controller.value.stat.version});
  guarded.parts.push_back(model::SetDataRequest{.path = path, .data = config, .version = -1});
  const auto set = co_await session_->Multi(std::move(guarded));
  if (set.error != ErrorCode::kNoNode) co_return set.ok();
  const auto created = co_await session_->Create(path, config);
  if (created.error != ErrorCode::kNodeExists) co_return created.ok();
  const auto again = co_await session_->SetData(std::move(path), std::move(config), -1);
  co_return again.ok();
}

Async<TopicResponse> TopicAdmin::Create(CreateTopicRequest request) {
  const kafka::CreateTopic& topic = request.topic;
  kafka::TopicAssignment assignment;
  auto placed =
      kafka::PlaceReplicas(world_.brokers(), topic.partitions, topic.replication_factor, random_);
  if (!placed.ok()) {
    co_return Refused(
        topic.partitions > 0 ? Error::kInvalidReplicationFactor : Error::kInvalidPartitions,
        placed.status().message());
  }
  assignment.partitions = *std::move(placed);
  const uint64_t high = random_.Next();
  assignment.topic_id = kafka::EncodeUuid(high, random_.Next());
  const absl::Status fits = co_await CheckName(topic.name);
  if (!fits.ok()) {
    co_return Refused(
        absl::IsAlreadyExists(fits) ? Error::kTopicAlreadyExists : Error::kInvalidRequest,
        fits.message());
  }
  const int64_t throttle_ms = world_.charge(request.user, request.client_id, topic.partitions);
  if (throttle_ms > 0) co_return Throttled(throttle_ms);
  const bool configured =
      co_await WriteConfig(kafka::TopicConfigPath(topic.name), kafka::EncodeConfig(topic.config));
  if (!configured) co_return Refused(Error::kNotController, "there is no controller");
  model::Data data = kafka::EncodeTopic(assignment);
  const auto created = co_await session_->Create(kafka::TopicPath(topic.name), std::move(data));
  if (created.error == ErrorCode::kNodeExists) {
    co_return Refused(Error::kTopicAlreadyExists,
                      absl::StrCat("Topic '", topic.name, "' already exists."));
  }
  if (!created.ok()) co_return Refused(Error::kInvalidRequest, model::ErrorName(created.error));
  co_await session_->GetData(kafka::TopicPath(topic.name));  // its id, for the answer
  co_return TopicResponse{};
}

// The whole assignment is written anew; the controller finds what it did not know.
Async<TopicResponse> TopicAdmin::AddPartitions(CreatePartitionsRequest request) {
  std::vector<kafka::PlacementBroker> brokers;
  const auto ids = co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath));
  for (const std::string& id : ids.value.children) {
    const auto node = co_await session_->GetData(model::ChildPath(kafka::kBrokerIdsPath, id));
    const auto broker = kafka::DecodeBroker(node.value.data.value_or(""));
    int32_t number = 0;
    if (broker.ok() && absl::SimpleAtoi(id, &number)) brokers.push_back({number, broker->rack});
  }
  const std::string path = kafka::TopicPath(request.topic);
  co_await session_->GetData(path);
  const auto node = co_await session_->GetData(path);
  auto assignment = kafka::DecodeTopic(node.value.data.value_or(""));
  if (!node.ok() || !assignment.ok()) {
    co_return Refused(Error::kUnknownTopicOrPartition,
                      absl::StrCat("The topic '", request.topic, "' does not exist."));
  }
  const auto present = static_cast<int32_t>(assignment->partitions.size());
  if (request.count <= present || present == 0) {
    co_return Refused(Error::kInvalidPartitions,
                      absl::StrCat("The topic ", request.topic, " currently has ", present,
                                   " partition(s); expected a larger number"));
  }
  const auto placed = kafka::PlaceMoreReplicas(std::move(brokers), present, request.count - present,
                                               assignment->partitions.begin()->second);
  if (!placed.ok()) co_return Refused(Error::kInvalidReplicationFactor, placed.status().message());
  const int64_t throttle_ms =
      world_.charge(request.user, request.client_id, request.count - present);
  if (throttle_ms > 0) co_return Throttled(throttle_ms);
  for (const auto& [partition, replicas] : *placed) assignment->partitions[partition] = replicas;
  model::Data data = kafka::EncodeTopic(*assignment);
  const auto written = co_await session_->SetData(path, std::move(data), -1);
  if (!written.ok()) co_return Refused(Error::kUnknownTopicOrPartition, "it is being deleted");
  co_return TopicResponse{};
}

Async<TopicResponse> TopicAdmin::Delete(DeleteTopicRequest request) {
  const auto node = co_await session_->Exists(kafka::TopicPath(request.topic));
  if (!node.ok()) {
    co_return Refused(Error::kUnknownTopicOrPartition,
                      absl::StrCat("The topic '", request.topic, "' does not exist."));
  }
  const auto marked =
      co_await session_->Create(kafka::DeleteTopicPath(request.topic), std::nullopt);
  if (marked.ok()) co_return TopicResponse{};
  co_return Refused(Error::kTopicAlreadyExists,
                    absl::StrCat("topic '", request.topic, "' is marked for deletion"));
}

}  // namespace rookery::broker_sim
