// What a controller keeps of a large cluster, in little memory, and how it is read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/network.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

struct PartitionRow {
  kafka::Replicas replicas;
  kafka::PartitionState state;
  int32_t version = -1;  // of the state's node; -1: not read
};

struct TopicRow {
  std::string name;
  std::vector<PartitionRow> partitions;  // by number
};

class ScaleMetadata {
 public:
  explicit ScaleMetadata(std::vector<std::string> names);

  // InvalidArgument: not what Kafka writes.
  absl::Status TakeTopic(size_t topic, absl::string_view json);
  absl::Status TakeState(size_t topic, size_t partition, absl::string_view json, int32_t version);

  std::vector<TopicRow>& topics() { return topics_; }  // by name
  // topics().size() if there is none of that name.
  size_t Find(absl::string_view name) const;
  size_t partitions() const;   // of all topics
  size_t states_read() const;  // of them

 private:
  std::vector<TopicRow> topics_;
  absl::flat_hash_map<std::string, size_t> by_name_;
};

// Reads all topics by the Scan call; waits for it.
absl::StatusOr<ScaleMetadata> ScanTopics(const Address& server);

// Reads all states by the Scan call, with one stream for each of `servers`, each of which reads a
// part of the topics on a thread of its own; waits for all of them. REQUIRES: every topic was
// taken.
absl::Status ScanStates(const std::vector<Address>& servers, ScaleMetadata* metadata);

}  // namespace rookery::broker_sim
