// A Kafka cluster as its metadata shows it at a moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "coordinator/kafka/config.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

struct PartitionView {
  kafka::Replicas replicas;
  std::optional<kafka::PartitionState> state;  // nullopt: the controller has not written one yet
};

struct ClusterView {
  std::optional<int32_t> controller;
  int32_t controller_epoch = 0;
  std::map<int32_t, int64_t> brokers;  // id -> broker epoch
  std::map<std::string, std::map<int32_t, PartitionView>> topics;

  // Partitions without a leader that lives, and those with fewer in sync than replicas.
  struct Health {
    int partitions = 0;
    int leaderless = 0;
    int under_replicated = 0;
  };
  Health health() const;
};

}  // namespace rookery::broker_sim
