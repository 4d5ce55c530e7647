// What a broker answers: to the controller, to other brokers, to clients.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "broker-sim/broker/broker.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

// A controller of an earlier epoch, or one that means an earlier life of this broker, is refused.
Error Broker::Check(const ControllerMark& mark) {
  if (mark.epoch < controller_epoch_) return Error::kStaleControllerEpoch;
  if (mark.broker_epoch < broker_epoch_) return Error::kStaleBrokerEpoch;
  controller_epoch_ = mark.epoch;
  controller_id_ = mark.controller;
  return Error::kNone;
}

void Broker::Take(LeaderAndIsrRequest request, Reply<LeaderAndIsrResponse> reply) {
  const Error error = Check(request.mark);
  if (error == Error::kNone) {
    for (const PartitionLeadership& one : request.partitions) {
      // For every replica that is new here Kafka reads the topic's configuration.
      if (!replicas_->partitions().contains(one.id) && session_ != nullptr) {
        requests_.Spawn(ReadTopicConfig(one.id.first));
      }
    }
    replicas_->TakeLeadership(request.partitions);
  }
  reply({.error = error});
}

Async<> Broker::ReadTopicConfig(std::string topic) {
  const auto node = co_await session_->GetData(kafka::TopicConfigPath(topic));
  if (node.ok()) {
    configs_[absl::StrCat("topics/", topic)] = kafka::DecodeConfig(node.value.data.value_or(""));
  }
}

void Broker::Take(UpdateMetadataRequest request, Reply<UpdateMetadataResponse> reply) {
  const Error error = Check(request.mark);
  if (error == Error::kNone) {
    for (PartitionLeadership& one : request.partitions) metadata_[one.id] = std::move(one);
    for (const PartitionId& id : request.deleted) metadata_.erase(id);
    live_brokers_ = std::move(request.live_brokers);
  }
  reply({.error = error});
}

void Broker::Take(StopReplicaRequest request, Reply<StopReplicaResponse> reply) {
  StopReplicaResponse response = {.error = Check(request.mark)};
  if (response.error == Error::kNone)
    response.deleted = replicas_->StopReplicas(request.partitions);
  reply(std::move(response));
}

void Broker::Take(AlterPartitionRequest request, Reply<AlterPartitionResponse> reply) {
  if (controller_ != nullptr) return controller_->Take(std::move(request), std::move(reply));
  reply({.error = Error::kNotController});
}

void Broker::Take(ControlledShutdownRequest request, Reply<ControlledShutdownResponse> reply) {
  if (controller_ != nullptr) return controller_->Take(std::move(request), std::move(reply));
  reply({.error = Error::kNotController});
}

void Broker::Take(AllocateProducerIdsRequest request, Reply<AllocateProducerIdsResponse> reply) {
  if (controller_ != nullptr) return controller_->Take(std::move(request), std::move(reply));
  reply({.error = Error::kNotController});
}

void Broker::Take(MetadataRequest request, Reply<MetadataResponse> reply) {
  MetadataResponse response = {.controller = controller_id_};
  for (auto at = metadata_.lower_bound({request.topic, -1});
       at != metadata_.end() && at->first.first == request.topic; ++at) {
    response.partitions[at->first.second] = {at->second.state.leader,
                                             at->second.state.leader_epoch};
  }
  reply(std::move(response));
}

void Broker::Take(FetchRequest request, Reply<FetchResponse> reply) {
  requests_.Spawn(ServeFetch(std::move(request), std::move(reply)));
}

void Broker::Take(ProduceRequest request, Reply<ProduceResponse> reply) {
  requests_.Spawn(ServeProduce(std::move(request), std::move(reply)));
}

void Broker::Take(InitProducerIdRequest request, Reply<InitProducerIdResponse> reply) {
  requests_.Spawn(ServeProducerId(std::move(reply)));
}

int Broker::MinIsr(const std::string& topic) const {
  int least = 1;
  const auto config = configs_.find(absl::StrCat("topics/", topic));
  if (config == configs_.end()) return least;
  const auto value = config->second.find("min.insync.replicas");
  if (value == config->second.end() || !absl::SimpleAtoi(value->second, &least)) return 1;
  return least;
}

int64_t Broker::Throttle(ClientQuotas* quotas, const std::string& user,
                         const std::string& client_id, double value) {
  const int64_t now_ms = world_.clock->NowUs() / 1000;
  const int64_t muted_ms = quotas->Record(user, client_id, value, now_ms);
  if (muted_ms <= 0) return 0;
  throttled_ms_ += muted_ms;
  const auto quota = quotas->Of(user, client_id);
  if (quota.has_value() && quota->limit.has_value() && throttled_.insert(quota->sensor).second) {
    world_.timeline->Tell(
        {.name = "throttled",
         .broker = id_,
         .text = absl::StrCat("broker ", id_, " throttles ", quota->sensor, " for ", muted_ms,
                              " ms: ", quotas->key(), " of ", quota->entity, " is ", *quota->limit),
         .numbers = {{"throttle_ms", muted_ms}},
         .words = {{"entity", quota->entity}, {"sensor", quota->sensor}}});
  }
  return muted_ms;
}

// How long the request kept threads busy, in percent of one thread and of a second.
int64_t Broker::ThrottleRequest(const std::string& user, const std::string& client_id) {
  const double percent = static_cast<double>(options_.request_time_us) * 100 / 1e6;
  return Throttle(request_quotas_.get(), user, client_id, percent);
}

// False: the connection was closed again, after a while.
Async<bool> Broker::Accept(std::string channel, std::string host, bool anew) {
  if (channels_[channel].connected && !anew) co_return true;
  const int64_t closed_ms = connection_quotas_->Connect(host, world_.clock->NowUs() / 1000);
  if (closed_ms == 0) {
    channels_[channel].connected = true;
    co_return true;
  }
  throttled_ms_ += closed_ms;
  if (throttled_.insert(absl::StrCat("ip ", host)).second) {
    world_.timeline->Tell(
        {.name = "throttled",
         .broker = id_,
         .text = absl::StrCat("broker ", id_, " closes a connection from ", host, " after ",
                              closed_ms, " ms: connection_creation_rate is ",
                              connection_quotas_->LimitOf(host).value_or(0)),
         .numbers = {{"throttle_ms", closed_ms}},
         .words = {{"entity", absl::StrCat("ips/", host)}}});
  }
  co_await Sleep(world_.executor, 1000 * closed_ms);
  co_return false;
}

// Its turn comes when the request before was answered and the mute that followed is over.
Async<> Broker::TakeChannel(std::string name) {
  constexpr int64_t kLookUs = 1'000;
  while (true) {
    Channel& channel = channels_[name];
    const int64_t muted_us = channel.muted_until_us - world_.clock->NowUs();
    if (!channel.busy && muted_us <= 0) {
      channel.busy = true;
      co_return;
    }
    co_await Sleep(world_.executor, std::max(muted_us, kLookUs));
  }
}

void Broker::LeaveChannel(const std::string& name, int64_t muted_ms) {
  Channel& channel = channels_[name];
  channel.busy = false;
  channel.muted_until_us = world_.clock->NowUs() + 1000 * muted_ms;
}

Async<> Broker::ServeProduce(ProduceRequest request, Reply<ProduceResponse> reply) {
  const std::string user = request.user;
  const std::string client_id = request.client_id;
  const std::string channel = absl::StrCat("producer ", user, " ", client_id);
  const bool accepted = co_await Accept(channel, request.host, request.new_connection);
  if (!accepted) co_return;  // without an answer
  if (authorizer_ != nullptr &&
      !authorizer_->MayAccess(user, kafka::AclOperation::kWrite, request.id.first)) {
    ProduceResponse refused = {.error = Error::kTopicAuthorizationFailed};
    reply(refused);
    co_return;
  }
  // Kafka measures the request as it came: the records and what is around them.
  constexpr double kAround = 80;
  double bytes = kAround;
  for (const Record& record : request.records) bytes += record.bytes;
  co_await TakeChannel(channel);
  ProduceResponse response = co_await replicas_->Produce(std::move(request));
  const int64_t for_bytes_ms = Throttle(produce_quotas_.get(), user, client_id, bytes);
  response.throttle_ms = std::max(for_bytes_ms, ThrottleRequest(user, client_id));
  LeaveChannel(channel, response.throttle_ms);
  reply(response);
}

Async<> Broker::ServeFetch(FetchRequest request, Reply<FetchResponse> reply) {
  const bool consumer = request.replica < 0;
  const std::string user = request.user;
  const std::string client_id = request.client_id;
  FetchResponse refused;
  if (consumer) {
    const std::string channel = absl::StrCat("consumer ", user, " ", client_id);
    const bool accepted = co_await Accept(channel, request.host, false);
    if (!accepted) co_return;
  }
  if (consumer && authorizer_ != nullptr) {
    for (const auto& [id, one] : std::map<PartitionId, FetchRequest::One>(request.partitions)) {
      if (authorizer_->MayAccess(user, kafka::AclOperation::kRead, id.first)) continue;
      refused.partitions[id].error = Error::kTopicAuthorizationFailed;
      request.partitions.erase(id);
    }
  }
  FetchResponse response;
  if (!request.partitions.empty()) response = co_await replicas_->Fetch(std::move(request));
  if (consumer) {
    double bytes = 0;
    for (const auto& [id, one] : response.partitions) {
      for (const Record& record : one.records) bytes += record.bytes;
    }
    const int64_t for_bytes_ms = Throttle(fetch_quotas_.get(), user, client_id, bytes);
    response.throttle_ms = std::max(for_bytes_ms, ThrottleRequest(user, client_id));
    if (response.throttle_ms > 0) {  // told to wait, it gets nothing, and that does not count
      Throttle(fetch_quotas_.get(), user, client_id, -bytes);
      for (auto& [id, one] : response.partitions) one.records.clear();
    }
  }
  response.partitions.merge(refused.partitions);
  reply(std::move(response));
}

// From this broker's block; the controller gives the next one.
Async<> Broker::ServeProducerId(Reply<InitProducerIdResponse> reply) {
  constexpr int64_t kAnswerWithinUs = 10'000'000;
  if (next_producer_id_ > last_producer_id_) {
    AllocateProducerIdsRequest request = {.broker = id_};
    const auto block = co_await world_.fabric->Call(world_.executor, controller_id_,
                                                    std::move(request), kAnswerWithinUs);
    if (!block.has_value() || block->error != Error::kNone) {
      InitProducerIdResponse refused = {.error = Error::kRequestTimedOut};
      reply(refused);
      co_return;
    }
    next_producer_id_ = block->first;
    last_producer_id_ = block->last;
  }
  InitProducerIdResponse response = {.producer_id = next_producer_id_++};
  reply(response);
}

}  // namespace rookery::broker_sim
