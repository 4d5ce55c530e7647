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
  std::string host = "127.0.0.1";
  bool connects_anew = false;  // for each batch
};

struct ConsumerSpec {
  std::string name;
  std::string client_id;
  std::string user;
  std::string topic;
  std::string host = "127.0.0.1";
};

}  // namespace rookery::broker_sim
