// Nodes that ask the controller for something, and blocks of producer ids. Source:
// kafka-on-zookeeper 1.1.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/kafka/topic.h"

namespace rookery::kafka {

using TopicPartition = std::pair<std::string, int32_t>;

// /admin/reassign_partitions
std::string EncodeReassignment(const std::map<TopicPartition, Replicas>& moves);
absl::StatusOr<std::map<TopicPartition, Replicas>> DecodeReassignment(absl::string_view json);

// /admin/preferred_replica_election
std::string EncodePreferredElection(const std::vector<TopicPartition>& partitions);
absl::StatusOr<std::vector<TopicPartition>> DecodePreferredElection(absl::string_view json);

// /latest_producer_id_block; `first` and `last` belong to the block.
struct ProducerIdBlock {
  int32_t broker = 0;
  int64_t first = 0;
  int64_t last = 0;
  bool operator==(const ProducerIdBlock&) const = default;
};
std::string EncodeProducerIdBlock(const ProducerIdBlock& block);
absl::StatusOr<ProducerIdBlock> DecodeProducerIdBlock(absl::string_view json);

}  // namespace rookery::kafka
