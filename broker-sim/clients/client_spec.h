// Simulated clients as a scenario describes them.
#pragma once

#include <cstdint>
#include <string>

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

}  // namespace rookery::broker_sim
