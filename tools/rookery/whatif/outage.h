// What happens to partitions when brokers go, as Kafka's controller would handle it: a pure
// function of one copy of the metadata. Source: kafka-on-zookeeper 3.6.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::whatif {

struct Outage {
  std::vector<std::string> leaderless;      // nobody in sync is left
  std::vector<std::string> under_min_isr;   // led, but acks=all is refused
  std::vector<std::string> moved;           // another replica leads: "orders-0 (1 -> 2)"
  size_t under_replicated = 0;              // partitions that lose a replica
  std::map<int32_t, size_t> leaders_after;  // by broker that stays
};

// What is so already without these brokers' going does not count.
Outage Without(const metadata::Cluster& cluster, const std::set<int32_t>& down);

std::string ToText(const Outage& outage, size_t subjects_max);
boost::json::object ToJson(const Outage& outage);

}  // namespace rookery::tools::whatif
