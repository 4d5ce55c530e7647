// Topics that tools create, grow and delete: requests to the controller, as Kafka's admin client
// sends them.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "broker-sim/cluster/cluster.h"

namespace rookery::broker_sim {

// Asks whoever is the controller, again while there is none, none that answers, or a quota refuses
// it. A try without an answer may have been done all the same: `done_already` is what the next one
// then hears.
template <typename Request>
Async<TopicResponse> Cluster::AskController(Request request, Error done_already) {
  constexpr int64_t kAnswerWithinUs = 10'000'000;
  constexpr int64_t kRetryUs = 50'000;
  constexpr int64_t kGiveUpAfterUs = 60'000'000;  // default.api.timeout.ms
  request.user = kToolUser;
  request.client_id = "adminclient";
  TopicResponse response = {.error = Error::kRequestTimedOut, .message = "no controller answers"};
  bool unanswered = false;
  const int64_t deadline_us = clock_->NowUs() + kGiveUpAfterUs;
  while (clock_->NowUs() < deadline_us) {
    const int32_t controller = ControllerId();
    Request copy = request;
    auto answer = co_await fabric_.Call(executor_, controller, std::move(copy), kAnswerWithinUs);
    unanswered = unanswered || (!answer.has_value() && controller >= 0);
    if (answer.has_value()) {
      response = *std::move(answer);
      if (unanswered && response.error == done_already) response = {};
      if (response.error != Error::kNotController &&
          response.error != Error::kThrottlingQuotaExceeded) {
        co_return response;
      }
    }
    co_await Sleep(executor_, std::max(kRetryUs, 1000 * response.throttle_ms));
  }
  co_return response;
}

void Cluster::TellRefusal(const std::string& topic, const TopicResponse& response) {
  timeline_->Tell({.name = "error",
                   .text = absl::StrCat("topic ", topic, ": ", NameOf(response.error), ": ",
                                        response.message)});
}

bool Cluster::ControllerKnowsAll() const {
  const Broker* controller = ControllerBroker();
  return controller != nullptr &&
         controller->controller()->context().live.size() == members_.size();
}

absl::Status Cluster::CreateTopic(kafka::CreateTopic topic) {
  if (admin_ == nullptr) return absl::FailedPreconditionError("the simulation has not started");
  scope_.Spawn(CreateTopicNow(std::move(topic), false));
  return absl::OkStatus();
}

Async<> Cluster::CreateTopicNow(kafka::CreateTopic topic, bool all) {
  // At the start brokers come one after another, and the controller's own broker, which places the
  // replicas, hears of them a little after the controller.
  constexpr int64_t kRetryUs = 50'000;
  constexpr int kTriesMax = 400;
  int attempt = 0;
  for (; all && attempt < kTriesMax && !ControllerKnowsAll(); ++attempt) {
    co_await Sleep(executor_, kRetryUs);
  }
  TopicResponse response;
  while (true) {
    CreateTopicRequest request;
    request.topic = topic;
    response = co_await AskController(std::move(request), Error::kTopicAlreadyExists);
    if (response.error != Error::kInvalidReplicationFactor || !all || ++attempt > kTriesMax) break;
    co_await Sleep(executor_, kRetryUs);
  }
  if (response.error != Error::kNone) {
    TellRefusal(topic.name, response);
    co_return;
  }
  timeline_->Tell({.name = "topic_created",
                   .text = absl::StrCat("topic ", topic.name, " created: ", topic.partitions,
                                        " partitions, ", topic.replication_factor, " replicas"),
                   .words = {{"topic", topic.name}}});
}

Async<> Cluster::AddPartitionsNow(std::string topic, int32_t partitions) {
  CreatePartitionsRequest request;
  request.topic = topic;
  request.count = partitions;
  const TopicResponse response =
      co_await AskController(std::move(request), Error::kInvalidPartitions);
  if (response.error != Error::kNone) TellRefusal(topic, response);
}

Async<> Cluster::DeleteTopicNow(std::string topic) {
  DeleteTopicRequest request;
  request.topic = topic;
  const TopicResponse response =
      co_await AskController(std::move(request), Error::kUnknownTopicOrPartition);
  if (response.error != Error::kNone) TellRefusal(topic, response);
}

}  // namespace rookery::broker_sim
