// Where Kafka keeps what, in ZooKeeper mode. Source: kafka-on-zookeeper 1.1. All paths are relative
// to the cluster's chroot.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rookery::kafka {

inline constexpr absl::string_view kControllerPath = "/controller";
inline constexpr absl::string_view kControllerEpochPath = "/controller_epoch";
inline constexpr absl::string_view kClusterIdPath = "/cluster/id";
inline constexpr absl::string_view kFeaturePath = "/feature";
inline constexpr absl::string_view kBrokerIdsPath = "/brokers/ids";
inline constexpr absl::string_view kTopicsPath = "/brokers/topics";
inline constexpr absl::string_view kSequenceIdPath = "/brokers/seqid";
inline constexpr absl::string_view kConfigChangesPath = "/config/changes";
inline constexpr absl::string_view kConfigChangePrefix = "/config/changes/config_change_";
inline constexpr absl::string_view kDeleteTopicsPath = "/admin/delete_topics";
inline constexpr absl::string_view kIsrChangesPath = "/isr_change_notification";
inline constexpr absl::string_view kLogDirEventsPath = "/log_dir_event_notification";
inline constexpr absl::string_view kProducerIdBlockPath = "/latest_producer_id_block";
inline constexpr absl::string_view kReassignPath = "/admin/reassign_partitions";
inline constexpr absl::string_view kPreferredElectionPath = "/admin/preferred_replica_election";

std::string BrokerPath(int32_t broker);
std::string TopicPath(absl::string_view topic);
std::string TopicPartitionsPath(absl::string_view topic);
std::string PartitionPath(absl::string_view topic, int32_t partition);
std::string PartitionStatePath(absl::string_view topic, int32_t partition);
std::string TopicConfigPath(absl::string_view topic);
std::string DeleteTopicPath(absl::string_view topic);

// True for 1-249 characters of [A-Za-z0-9._-] other than "." and "..".
bool IsLegalTopicName(absl::string_view topic);
// True if the names are equal once '.' reads as '_', which Kafka's metric names cannot tell apart.
bool TopicNamesCollide(absl::string_view a, absl::string_view b);

}  // namespace rookery::kafka
