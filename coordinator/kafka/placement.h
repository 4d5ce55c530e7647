// Which brokers hold which partitions of a new topic: Kafka's own algorithm, so that simulated and
// real clusters spread alike. Source: kafka-on-zookeeper 3.8.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/topic.h"

namespace rookery::kafka {

struct PlacementBroker {
  int32_t id = 0;
  std::optional<std::string> rack;
};

// Replicas for partitions [first_partition, first_partition + count). Rack-aware if any broker
// names a rack; then all must. `start` and `shift` are drawn from `random` for a new topic.
// InvalidArgument: more replicas asked for than there are brokers, none asked for, or racks named
// by some brokers only.
absl::StatusOr<std::map<int32_t, Replicas>> PlaceReplicas(std::vector<PlacementBroker> brokers,
                                                          int32_t count, int32_t replication_factor,
                                                          Random& random,
                                                          int32_t first_partition = 0);

// Replicas for further partitions of a topic that stands: as many for each as the first partition
// has, beginning where that one begins, without chance. The same errors.
absl::StatusOr<std::map<int32_t, Replicas>> PlaceMoreReplicas(std::vector<PlacementBroker> brokers,
                                                              int32_t first_partition,
                                                              int32_t count,
                                                              const Replicas& of_partition_0);

}  // namespace rookery::kafka
