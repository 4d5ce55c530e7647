// A small healthy cluster for tests: brokers 1, 2 and 3 in racks a, b and c, and topic "orders" of
// three partitions with two replicas each and min.insync.replicas=2.
#pragma once

#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::metadata {

inline Cluster SampleCluster() {
  Cluster cluster{.zxid = 0x100000007,
                  .brokers = {{1, "a"}, {2, "b"}, {3, "c"}},
                  .controller = 1,
                  .controller_epoch = 4,
                  .configured_topics = {"orders"}};
  Topic orders{.name = "orders", .config = {{"min.insync.replicas", "2"}}};
  orders.assignment.partitions = {{0, {1, 2}}, {1, {2, 3}}, {2, {3, 1}}};
  for (const auto& [partition, replicas] : orders.assignment.partitions) {
    orders.states[partition] = {.leader = replicas.front(), .controller_epoch = 4, .isr = replicas};
  }
  cluster.topics["orders"] = orders;
  return cluster;
}

}  // namespace rookery::tools::metadata
