// What a broker answers to tools: changes of topics, which only the controller takes.
#include <utility>

#include "broker-sim/broker/broker.h"

namespace rookery::broker_sim {

void Broker::MakeTopicAdmin() {
  TopicAdmin::World world = {
      .brokers =
          [this] {
            std::vector<kafka::PlacementBroker> brokers;
            brokers.reserve(live_brokers_.size());
            for (const auto& [id, rack] : live_brokers_) brokers.push_back({id, rack});
            return brokers;
          },
      .charge = [this](const std::string& user, const std::string& client_id,
                       int32_t count) { return ChargeMutation(user, client_id, count); }};
  topic_admin_ = std::make_unique<TopicAdmin>(session_.get(), options_.placement_seed + life_,
                                              std::move(world));
}

int64_t Broker::ChargeMutation(const std::string& user, const std::string& client_id,
                               int32_t count) {
  const int64_t now_ms = world_.clock->NowUs() / 1000;
  const int64_t refused_ms = mutation_quotas_->Take(user, client_id, count, now_ms);
  if (refused_ms <= 0) return 0;
  const kafka::Quota quota = *mutation_quotas_->Of(user, client_id);
  world_.timeline->Tell(
      {.name = "throttled",
       .broker = id_,
       .text = absl::StrCat("broker ", id_, " refuses ", quota.sensor, " a change of ", count,
                            " partitions for ", refused_ms, " ms: controller_mutation_rate of ",
                            quota.entity, " is ", quota.limit.value_or(0)),
       .numbers = {{"throttle_ms", refused_ms}},
       .words = {{"entity", quota.entity}, {"sensor", quota.sensor}}});
  return refused_ms;
}

// In the session's scope: no answer if it ends meanwhile.
template <typename Request>
void Broker::Serve(Request request, Reply<TopicResponse> reply,
                   Async<TopicResponse> (TopicAdmin::*operation)(Request)) {
  struct Way {
    static Async<> Go(Async<TopicResponse> served, Reply<TopicResponse> reply) {
      TopicResponse response = co_await served;
      reply(std::move(response));
    }
  };
  if (controller_ == nullptr || !controller_->active()) {
    return reply({.error = Error::kNotController, .message = "this is not the controller"});
  }
  session_scope_.Spawn(
      Way::Go((topic_admin_.get()->*operation)(std::move(request)), std::move(reply)));
}

void Broker::Take(CreateTopicRequest request, Reply<TopicResponse> reply) {
  Serve(std::move(request), std::move(reply), &TopicAdmin::Create);
}

void Broker::Take(CreatePartitionsRequest request, Reply<TopicResponse> reply) {
  Serve(std::move(request), std::move(reply), &TopicAdmin::AddPartitions);
}

void Broker::Take(DeleteTopicRequest request, Reply<TopicResponse> reply) {
  Serve(std::move(request), std::move(reply), &TopicAdmin::Delete);
}

}  // namespace rookery::broker_sim
