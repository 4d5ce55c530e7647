// How a client finds the leaders of a topic: it asks a broker for metadata, any that answers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker-sim/fabric/fabric.h"
#include "coordinator/base/clock.h"

namespace rookery::broker_sim {

// What clients are in; all outlive them.
struct ClientWorld {
  Fabric* fabric = nullptr;
  Executor* executor = nullptr;
  const Clock* clock = nullptr;
  std::vector<int32_t> bootstrap;  // brokers to ask
};

class Route {
 public:
  Route(const ClientWorld* world, std::string topic) : world_(world), topic_(std::move(topic)) {}

  // Asks the next bootstrap broker; what it does not know stays as it was known.
  Async<> Refresh();
  int32_t LeaderOf(int32_t partition) const;  // -1: unknown
  int32_t EpochOf(int32_t partition) const;   // -1: unknown
  size_t partitions() const { return leaders_.size(); }
  // Any broker, another one each time.
  int32_t AnyBroker();

 private:
  const ClientWorld* const world_;
  const std::string topic_;
  size_t next_ = 0;
  std::map<int32_t, MetadataResponse::One> leaders_;
};

}  // namespace rookery::broker_sim
