// What simulated brokers and clients say to each other: Kafka's requests, cut to what matters here.
// Source: kafka-on-zookeeper 3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker-sim/fabric/record.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

using PartitionId = std::pair<std::string, int32_t>;

// Kafka's error codes by name.
enum class Error {
  kNone,
  kNotLeaderOrFollower,
  kFencedLeaderEpoch,
  kUnknownLeaderEpoch,
  kUnknownTopicOrPartition,
  kOffsetOutOfRange,
  kNotEnoughReplicas,
  kNotEnoughReplicasAfterAppend,
  kOutOfOrderSequence,
  kRequestTimedOut,
  kTopicAuthorizationFailed,
  kStaleBrokerEpoch,
  kStaleControllerEpoch,
  kNotController,
  kInvalidUpdateVersion,
  kIneligibleReplica,
  kInvalidRequest,
  kTopicAlreadyExists,
  kInvalidReplicationFactor,
  kInvalidPartitions,
  kThrottlingQuotaExceeded,
};
const char* NameOf(Error error);  // "NOT_LEADER_OR_FOLLOWER", ...

// A partition as the controller tells it to brokers.
struct PartitionLeadership {
  PartitionId id;
  kafka::PartitionState state;
  int32_t version = 0;  // of the state node: the partition epoch
  kafka::Replicas replicas;
  bool is_new = false;
};

struct ControllerMark {
  int32_t controller = -1;
  int32_t epoch = 0;
  int64_t broker_epoch = 0;  // of the broker that is spoken to
};

struct LeaderAndIsrResponse {
  Error error = Error::kNone;
};
struct LeaderAndIsrRequest {
  using Response = LeaderAndIsrResponse;
  ControllerMark mark;
  std::vector<PartitionLeadership> partitions;
};

struct UpdateMetadataResponse {
  Error error = Error::kNone;
};
struct UpdateMetadataRequest {
  using Response = UpdateMetadataResponse;
  ControllerMark mark;
  std::vector<PartitionLeadership> partitions;
  std::set<PartitionId> deleted;
  std::map<int32_t, std::optional<std::string>> live_brokers;  // with their racks
};

struct StopReplicaResponse {
  Error error = Error::kNone;
  std::vector<PartitionId> deleted;
};
struct StopReplicaRequest {
  using Response = StopReplicaResponse;
  ControllerMark mark;
  struct One {
    PartitionId id;
    bool remove = false;  // the log too
  };
  std::vector<One> partitions;
};

struct AlterPartitionResponse {
  Error error = Error::kNone;
  PartitionLeadership now;  // if kNone
};
// One partition, at its leader's wish.
struct AlterPartitionRequest {
  using Response = AlterPartitionResponse;
  int32_t broker = -1;
  int64_t broker_epoch = 0;
  PartitionId id;
  int32_t leader_epoch = 0;
  int32_t version = 0;  // partition epoch that the leader knows
  kafka::Replicas isr;
  bool recovering = false;
};

struct ControlledShutdownResponse {
  Error error = Error::kNone;
  int remaining = 0;  // partitions that it still leads
};
struct ControlledShutdownRequest {
  using Response = ControlledShutdownResponse;
  int32_t broker = -1;
  int64_t broker_epoch = 0;
};

struct AllocateProducerIdsResponse {
  Error error = Error::kNone;
  int64_t first = 0, last = 0;
};
struct AllocateProducerIdsRequest {
  using Response = AllocateProducerIdsResponse;
  int32_t broker = -1;
};

struct FetchResponse {
  struct One {
    Error error = Error::kNone;
    int64_t high_watermark = 0;
    int64_t start_offset = 0;
    std::vector<Record> records;
    // The follower's last epoch ends here at the leader: cut back to it.
    std::optional<EpochEnd> diverging;
  };
  int64_t throttle_ms = 0;
  std::map<PartitionId, One> partitions;
};
struct FetchRequest {
  using Response = FetchResponse;
  int32_t replica = -1;  // -1: a consumer
  std::string user, client_id;
  std::string host;  // of a consumer
  struct One {
    int32_t leader_epoch = -1;  // that the fetcher knows; -1: it does not say
    int64_t offset = 0;
    int32_t last_fetched_epoch = -1;
  };
  std::map<PartitionId, One> partitions;
  int64_t bytes_max = 1 << 20;
  int64_t wait_max_us = 500'000;
};

struct ProduceResponse {
  Error error = Error::kNone;
  int64_t base_offset = -1;
  int64_t throttle_ms = 0;
};
struct ProduceRequest {
  using Response = ProduceResponse;
  std::string user, client_id;
  std::string host;             // the client's address
  bool new_connection = false;  // over one that was made for it
  PartitionId id;
  bool acks_all = true;
  int64_t timeout_us = 30'000'000;
  std::vector<Record> records;  // one batch: consecutive sequence numbers of one producer
};

struct InitProducerIdResponse {
  Error error = Error::kNone;
  int64_t producer_id = -1;
};
struct InitProducerIdRequest {
  using Response = InitProducerIdResponse;
};

struct MetadataResponse {
  struct One {
    int32_t leader = -1;
    int32_t leader_epoch = -1;
  };
  int32_t controller = -1;
  std::map<int32_t, One> partitions;
};
struct MetadataRequest {
  using Response = MetadataResponse;
  std::string topic;
};

// What tools ask of the controller, one topic each. `throttle_ms`: refused for its quota until
// then.
struct TopicResponse {
  int64_t throttle_ms = 0;
  Error error = Error::kNone;
  std::string message;
};
struct CreateTopicRequest {
  using Response = TopicResponse;
  std::string user, client_id;
  kafka::CreateTopic topic;
};
struct CreatePartitionsRequest {
  using Response = TopicResponse;
  std::string user, client_id;
  std::string topic;
  int32_t count = 0;  // in all
};
struct DeleteTopicRequest {
  using Response = TopicResponse;
  std::string user, client_id;
  std::string topic;
};

}  // namespace rookery::broker_sim
