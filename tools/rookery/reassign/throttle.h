// What a throttled reassignment limits, and how the limits go away: kafka-reassign-partitions
// without a broker. Source: kafka-on-zookeeper 3.13, 4.6; compared with Kafka's own
// ReassignPartitionsCommand by tests/unit/kafka_classes.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/config.h"
#include "tools/rookery/reassign/move_plan.h"

namespace rookery::tools::reassign {

struct Throttles {
  // Per topic, replicas as "0:1,0:2": those that are copied from, and those that are copied to.
  std::map<std::string, std::string> leaders, followers;
  std::set<int32_t> brokers;
};

// Of the plan together with everything that moves already. A partition that moves is copied from
// what it had before; the others from the replicas that they have. Partitions of the plan that the
// cluster does not have are left out.
Throttles ThrottlesOf(const metadata::Cluster& cluster, const Moves& moves);

// Sets the replicas of the topics, then the rate of the brokers.
absl::Status SetThrottles(client::BlockingClient& client, const Throttles& throttles,
                          int64_t bytes_per_second);

// Takes every limit of replication off these brokers and topics; what has none is not touched.
absl::Status ClearThrottles(client::BlockingClient& client, const std::set<int32_t>& brokers,
                            const std::set<std::string>& topics);

// The keys that limits have. Not to be changed by hand while a reassignment runs.
inline constexpr absl::string_view kBrokerThrottleKeys[] = {
    "leader.replication.throttled.rate", "follower.replication.throttled.rate",
    "replica.alter.log.dirs.io.max.bytes.per.second"};
inline constexpr absl::string_view kTopicThrottleKeys[] = {
    "leader.replication.throttled.replicas", "follower.replication.throttled.replicas"};

}  // namespace rookery::tools::reassign
