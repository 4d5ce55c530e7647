// The quotas of a broker's clients: one kind of rate, measured for whoever shares a limit. Source:
// kafka-on-zookeeper 3.13.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "broker-sim/quota/rate.h"
#include "coordinator/kafka/quota.h"

namespace rookery::broker_sim {

class ClientQuotas {
 public:
  // `key` as in "producer_byte_rate"; nobody is muted for longer than the maximum. The
  // configurations outlive it, and may change.
  ClientQuotas(std::string key, const kafka::ConfigsByEntity* configs,
               std::optional<int64_t> throttle_max_ms = std::nullopt)
      : key_(std::move(key)), configs_(configs), throttle_max_ms_(throttle_max_ms) {}

  // The broker has read the configuration of an entity, as in "users/alice", or has read that there
  // is none any more.
  void Heard(absl::string_view entity) { kinds_.Add(entity); }

  // Counts what a client did; gives for how long it is muted. Once the broker has heard of quotas,
  // those without a limit are counted too: one that they get later finds what they did before.
  int64_t Record(const std::string& user, const std::string& client_id, double value,
                 int64_t now_ms);
  // What holds for a client now.
  std::optional<kafka::Quota> Of(const std::string& user, const std::string& client_id) const {
    return kafka::ResolveQuota(*configs_, kinds_, key_, user, client_id);
  }
  const std::string& key() const { return key_; }

 private:
  const std::string key_;
  const kafka::ConfigsByEntity* const configs_;
  const std::optional<int64_t> throttle_max_ms_;
  kafka::QuotaKinds kinds_;
  std::map<std::string, Rate> rates_;  // by sensor
};

}  // namespace rookery::broker_sim
