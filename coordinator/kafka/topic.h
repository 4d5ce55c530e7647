// /brokers/topics/<t> and the state of its partitions. Source: kafka-on-zookeeper 1.3, 1.4.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

using Replicas = std::vector<int32_t>;  // broker ids, the preferred leader first

struct TopicAssignment {
  std::map<int32_t, Replicas> partitions;
  std::map<int32_t, Replicas> adding, removing;  // while a reassignment runs
  std::string topic_id;                          // base64url; empty: a topic older than 2.8
  bool operator==(const TopicAssignment&) const = default;
};

// Writes version 3 when there is a topic id, otherwise version 2.
std::string EncodeTopic(const TopicAssignment& topic);
absl::StatusOr<TopicAssignment> DecodeTopic(absl::string_view json);

struct PartitionState {
  int32_t leader = -1;  // -1: none
  int32_t leader_epoch = 0;
  int32_t controller_epoch = 0;
  Replicas isr;
  bool recovering = false;  // after an unclean election
  bool operator==(const PartitionState&) const = default;
};

std::string EncodePartitionState(const PartitionState& state);
absl::StatusOr<PartitionState> DecodePartitionState(absl::string_view json);

}  // namespace rookery::kafka
