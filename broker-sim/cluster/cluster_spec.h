// What a simulated cluster is made of.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "broker-sim/clients/client_spec.h"
#include "coordinator/kafka/plan.h"

namespace rookery::broker_sim {

// Mistakes that can be planted into the simulator, to see that they are found.
enum class Plant {
  kControllerIgnoresFence,  // writes without the check of its epoch, and does not resign
  kEarlyAcknowledgement,    // a leader acknowledges acks=all before its followers have the record
};

struct ClusterSpec {
  int32_t brokers = 5;
  int32_t first_id = 0;
  bool generated_ids = false;  // by the coordinator: 1001, 1002, ...
  int32_t first_port = 9092;
  std::vector<std::string> racks;  // dealt out in turn; empty: none
  int32_t session_timeout_ms = 6000;
  std::vector<kafka::CreateTopic> topics;  // created once the brokers are there
  std::vector<ProducerSpec> producers;
  std::vector<ConsumerSpec> consumers;
  bool authorizer = false;           // brokers check ACLs
  int64_t network_delay_us = 1'000;  // between brokers and clients, one way
  int64_t replica_lag_max_us = 10'000'000;
  bool rebalances = true;         // preferred leaders, now and then
  int64_t request_time_us = 100;  // how long a client's request keeps a broker's threads busy
  std::set<Plant> plants;
};

}  // namespace rookery::broker_sim
