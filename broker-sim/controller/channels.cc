#include "broker-sim/controller/channels.h"

#include <utility>

namespace rookery::broker_sim {

void Channels::Add(int32_t broker) {
  auto& channel = channels_[broker];
  if (channel != nullptr) return;
  channel = std::make_unique<Channel>(executor_);
  channel->scope.Spawn(Run(broker, &channel->waiting));
}

void Channels::Send(int32_t broker, ControllerMessage message) {
  const auto channel = channels_.find(broker);
  if (channel != channels_.end()) channel->second->waiting.Push(std::move(message));
}

template <typename Request>
Async<typename Request::Response> Channels::Insist(int32_t broker, Request request) {
  constexpr int64_t kAnswerWithinUs = 30'000'000;
  constexpr int64_t kRetryUs = 100'000;
  while (true) {
    Request copy = request;
    auto response = co_await fabric_->Call(executor_, broker, std::move(copy), kAnswerWithinUs);
    if (response.has_value()) co_return *std::move(response);
    co_await Sleep(executor_, kRetryUs);
  }
}

Async<> Channels::Run(int32_t broker, Mailbox<ControllerMessage>* waiting) {
  while (true) {
    ControllerMessage message = co_await waiting->Next();
    if (auto* leadership = std::get_if<LeaderAndIsrRequest>(&message)) {
      co_await Insist(broker, std::move(*leadership));
    } else if (auto* metadata = std::get_if<UpdateMetadataRequest>(&message)) {
      co_await Insist(broker, std::move(*metadata));
    } else {
      auto& stop = std::get<StopReplicaRequest>(message);
      StopReplicaResponse response = co_await Insist(broker, std::move(stop));
      if (!response.deleted.empty()) on_removed_(broker, std::move(response));
    }
  }
}

}  // namespace rookery::broker_sim
