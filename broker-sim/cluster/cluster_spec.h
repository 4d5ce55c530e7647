// What a simulated cluster is made of.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "coordinator/kafka/plan.h"

namespace rookery::broker_sim {

struct ProducerSpec {
  std::string name;
  std::string client_id;
  std::string user;
  std::string topic;
  int32_t records_per_s = 100;
  int32_t record_bytes = 100;
  bool acks_all = true;  // false: acks=1
};

struct ConsumerSpec {
  std::string name;
  std::string client_id;
  std::string user;
  std::string topic;
};

// Mistakes that can be planted into the simulator, to see that they are found.
enum class Plant {
  kControllerIgnoresFence,  // writes without the check of its epoch, and does not resign
  kEarlyAcknowledgement,    // a leader acknowledges acks=all before its followers have the record
};

struct ClusterSpec {
  int32_t brokers = 5;
  int32_t first_id = 0;
  int32_t first_port = 9092;
  std::vector<std::string> racks;  // dealt out in turn; empty: none
  int32_t session_timeout_ms = 6000;
  std::vector<kafka::CreateTopic> topics;  // created once the brokers are there
  std::vector<ProducerSpec> producers;
  std::vector<ConsumerSpec> consumers;
  std::set<Plant> plants;
};

}  // namespace rookery::broker_sim
