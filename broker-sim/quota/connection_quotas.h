// connection_creation_rate: how often an address may connect to a broker. A connection over the
// limit is not accepted, does not count, and is closed after a while. Source:
// kafka-on-zookeeper 3.13.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "broker-sim/quota/rate.h"
#include "coordinator/kafka/quota.h"

namespace rookery::broker_sim {

class ConnectionQuotas {
 public:
  // The configurations outlive it, and may change.
  explicit ConnectionQuotas(const kafka::ConfigsByEntity* configs) : configs_(configs) {}

  // 0: accepted. Otherwise it is closed after so many milliseconds, at most a window.
  int64_t Connect(const std::string& address, int64_t now_ms);
  // That of the address itself, or of all; nullopt: unlimited.
  std::optional<double> LimitOf(const std::string& address) const;

 private:
  const kafka::ConfigsByEntity* const configs_;
  const RateOptions options_;
  std::map<std::string, Rate> rates_;  // by address
};

}  // namespace rookery::broker_sim
