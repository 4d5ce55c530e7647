// What a controller knows of its cluster. Source: kafka-on-zookeeper 3.5, 3.6, 3.10.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker-sim/fabric/messages.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

enum class PartitionPhase { kNonExistent, kNew, kOnline, kOffline };
enum class ReplicaPhase {
  kNonExistent,
  kNew,
  kOnline,
  kOffline,
  kDeletionStarted,
  kDeletionSuccessful,
  kDeletionIneligible,
};

inline bool Contains(const kafka::Replicas& replicas, int32_t id) {
  return std::find(replicas.begin(), replicas.end(), id) != replicas.end();
}
inline kafka::Replicas Without(const kafka::Replicas& replicas, const kafka::Replicas& left_out) {
  kafka::Replicas rest;
  for (const int32_t id : replicas) {
    if (!Contains(left_out, id)) rest.push_back(id);
  }
  return rest;
}

struct Partition {
  kafka::Replicas replicas;          // all, while a reassignment runs: targets, then the others
  kafka::Replicas adding, removing;  // while a reassignment runs
  kafka::PartitionState state;       // means something if version >= 0
  int32_t version = -1;              // of the state node; -1: it does not exist yet
  PartitionPhase phase = PartitionPhase::kNonExistent;
  std::map<int32_t, ReplicaPhase> replica_phases;
  // This controller began a reassignment. One that only changes the order adds and removes nothing,
  // so the next controller does not know of it.
  bool moving = false;

  bool reassigning() const { return moving || !adding.empty() || !removing.empty(); }
  kafka::Replicas target() const { return Without(replicas, removing); }
  kafka::Replicas original() const { return Without(replicas, adding); }
};

struct Context {
  std::map<int32_t, int64_t> live;                      // registered: id -> broker epoch
  std::map<int32_t, std::optional<std::string>> racks;  // as last read, by id
  std::set<int32_t> shutting_down;                      // some of them
  std::map<std::string, kafka::TopicAssignment> topics;
  std::map<PartitionId, Partition> partitions;
  std::set<std::string> deleting;  // asked to be deleted
  std::set<std::string> deletion_ineligible;
  std::set<std::string> deletion_begun;

  // It may lead.
  bool IsOnline(int32_t broker) const {
    return live.contains(broker) && !shutting_down.contains(broker);
  }
  std::set<int32_t> LiveIds() const {
    std::set<int32_t> ids;
    for (const auto& [id, epoch] : live) ids.insert(id);
    return ids;
  }
  std::map<int32_t, std::optional<std::string>> LiveWithRacks() const {
    std::map<int32_t, std::optional<std::string>> brokers;
    for (const auto& [id, epoch] : live) {
      const auto rack = racks.find(id);
      brokers[id] = rack == racks.end() ? std::nullopt : rack->second;
    }
    return brokers;
  }
  std::vector<PartitionId> PartitionsOn(int32_t broker) const {
    std::vector<PartitionId> found;
    for (const auto& [id, partition] : partitions) {
      if (Contains(partition.replicas, broker)) found.push_back(id);
    }
    return found;
  }
  std::vector<PartitionId> PartitionsOf(const std::string& topic) const {
    std::vector<PartitionId> found;
    for (auto at = partitions.lower_bound({topic, -1});
         at != partitions.end() && at->first.first == topic; ++at) {
      found.push_back(at->first);
    }
    return found;
  }
};

}  // namespace rookery::broker_sim
