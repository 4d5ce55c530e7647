// One side's throttle of replication on a broker: which replicas it concerns (the topic's
// leader.replication.throttled.replicas or follower...), how much may pass in a second (the
// broker's leader.replication.throttled.rate or follower...), and how much does. A replica that is
// in sync is never held up, though it counts. Source: kafka-on-zookeeper 3.13.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "broker-sim/quota/rate.h"
#include "coordinator/kafka/quota.h"

namespace rookery::broker_sim {

class ReplicationQuota {
 public:
  enum class Side { kLeader, kFollower };
  // The configurations outlive it, and may change.
  ReplicationQuota(Side side, int32_t broker, const kafka::ConfigsByEntity* configs);

  bool Concerns(const std::string& topic, int32_t partition) const;
  // The rate has passed the limit.
  bool Exceeded(int64_t now_ms);
  void Record(int64_t bytes, int64_t now_ms) { rate_.Record(static_cast<double>(bytes), now_ms); }
  double Limit() const;  // infinite: none is set
  const std::string& rate_key() const { return rate_key_; }

 private:
  const std::string rate_key_, replicas_key_;
  const int32_t broker_;
  const kafka::ConfigsByEntity* const configs_;
  Rate rate_{{.simple = true}};
};

// Whether "*" or "0:1,0:2,1:3" (partition:broker) holds a partition of this broker.
bool ListsReplica(absl::string_view list, int32_t partition, int32_t broker);

}  // namespace rookery::broker_sim
