// The controller's connections to brokers: each gets what is meant for it in order, one at a time,
// again until it answers or is given up.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <variant>

#include "broker-sim/fabric/fabric.h"

namespace rookery::broker_sim {

using ControllerMessage =
    std::variant<LeaderAndIsrRequest, UpdateMetadataRequest, StopReplicaRequest>;

class Channels {
 public:
  using OnRemoved = std::function<void(int32_t broker, StopReplicaResponse response)>;
  Channels(Fabric* fabric, Executor* executor, OnRemoved on_removed)
      : fabric_(fabric), executor_(executor), on_removed_(std::move(on_removed)) {}

  void Add(int32_t broker);
  void Remove(int32_t broker) { channels_.erase(broker); }
  void RemoveAll() { channels_.clear(); }
  bool Has(int32_t broker) const { return channels_.contains(broker); }
  // To a broker without a channel nothing is sent.
  void Send(int32_t broker, ControllerMessage message);

 private:
  struct Channel {
    explicit Channel(Executor* executor) : waiting(executor) {}
    Mailbox<ControllerMessage> waiting;
    Scope scope;
  };
  Async<> Run(int32_t broker, Mailbox<ControllerMessage>* waiting);
  template <typename Request>
  Async<typename Request::Response> Insist(int32_t broker, Request request);

  Fabric* const fabric_;
  Executor* const executor_;
  const OnRemoved on_removed_;
  std::map<int32_t, std::unique_ptr<Channel>> channels_;
};

}  // namespace rookery::broker_sim
