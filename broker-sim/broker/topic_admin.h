// What a broker writes for the tools that ask it to create, grow and delete topics, operation for
// operation as Kafka's admin manager does it; the controller, in the same broker, does the rest.
// Source: kafka-on-zookeeper 3.8, 3.9, 3.12.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "broker-sim/async/session.h"
#include "broker-sim/fabric/fabric.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/placement.h"

namespace rookery::broker_sim {

class TopicAdmin {
 public:
  struct World {
    // The live brokers, as the controller has told them.
    std::function<std::vector<kafka::PlacementBroker>()> brokers;
    // How many milliseconds a client is refused that wants so many partitions changed; 0: it may.
    std::function<int64_t(const std::string& user, const std::string& client_id, int32_t count)>
        charge;
  };
  // The session outlives it. `seed` decides where placements start.
  TopicAdmin(Session* session, uint64_t seed, World world)
      : session_(session), random_(seed), world_(std::move(world)) {}

  Async<TopicResponse> Create(CreateTopicRequest request);
  Async<TopicResponse> AddPartitions(CreatePartitionsRequest request);
  Async<TopicResponse> Delete(DeleteTopicRequest request);

 private:
  Async<absl::Status> CheckName(std::string topic);
  Async<bool> WriteConfig(std::string path, std::string config);

  Session* const session_;
  Random random_;
  const World world_;
};

}  // namespace rookery::broker_sim
