#include "broker-sim/fabric/messages.h"

namespace rookery::broker_sim {

const char* NameOf(Error error) {
  switch (error) {
    case Error::kNone:
      return "NONE";
    case Error::kNotLeaderOrFollower:
      return "NOT_LEADER_OR_FOLLOWER";
    case Error::kFencedLeaderEpoch:
      return "FENCED_LEADER_EPOCH";
    case Error::kUnknownLeaderEpoch:
      return "UNKNOWN_LEADER_EPOCH";
    case Error::kUnknownTopicOrPartition:
      return "UNKNOWN_TOPIC_OR_PARTITION";
    case Error::kOffsetOutOfRange:
      return "OFFSET_OUT_OF_RANGE";
    case Error::kNotEnoughReplicas:
      return "NOT_ENOUGH_REPLICAS";
    case Error::kNotEnoughReplicasAfterAppend:
      return "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
    case Error::kOutOfOrderSequence:
      return "OUT_OF_ORDER_SEQUENCE_NUMBER";
    case Error::kRequestTimedOut:
      return "REQUEST_TIMED_OUT";
    case Error::kTopicAuthorizationFailed:
      return "TOPIC_AUTHORIZATION_FAILED";
    case Error::kStaleBrokerEpoch:
      return "STALE_BROKER_EPOCH";
    case Error::kStaleControllerEpoch:
      return "STALE_CONTROLLER_EPOCH";
    case Error::kNotController:
      return "NOT_CONTROLLER";
    case Error::kInvalidUpdateVersion:
      return "INVALID_UPDATE_VERSION";
    case Error::kIneligibleReplica:
      return "INELIGIBLE_REPLICA";
    case Error::kInvalidRequest:
      return "INVALID_REQUEST";
    case Error::kTopicAlreadyExists:
      return "TOPIC_ALREADY_EXISTS";
    case Error::kInvalidReplicationFactor:
      return "INVALID_REPLICATION_FACTOR";
    case Error::kInvalidPartitions:
      return "INVALID_PARTITIONS";
    case Error::kThrottlingQuotaExceeded:
      return "THROTTLING_QUOTA_EXCEEDED";
  }
  return "";
}

}  // namespace rookery::broker_sim
