// controller_mutation_rate: how many partitions a client may have created and deleted, by a token
// bucket for whoever shares a limit, in Kafka's strict mode. Source: kafka-on-zookeeper 3.13.
#pragma once

#include <map>
#include <string>

#include "broker-sim/quota/rate.h"
#include "coordinator/kafka/quota.h"

namespace rookery::broker_sim {

class MutationQuotas {
 public:
  // The configurations outlive it, and may change.
  explicit MutationQuotas(const kafka::ConfigsByEntity* configs) : configs_(configs) {}

  // The broker has read the configuration of an entity, or that there is none.
  void Heard(absl::string_view entity) { kinds_.Add(entity); }

  // 0: counted, be it into debt. Otherwise nothing is counted: refused for so long.
  int64_t Take(const std::string& user, const std::string& client_id, int32_t partitions,
               int64_t now_ms);
  // What holds for a client now.
  std::optional<kafka::Quota> Of(const std::string& user, const std::string& client_id) const {
    return kafka::ResolveQuota(*configs_, kinds_, "controller_mutation_rate", user, client_id);
  }

 private:
  const kafka::ConfigsByEntity* const configs_;
  kafka::QuotaKinds kinds_;
  std::map<std::string, TokenBucket> buckets_;  // by sensor
};

}  // namespace rookery::broker_sim
