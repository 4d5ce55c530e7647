// A whole cluster's metadata as a value, read at one moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "tools/rookery/metadata/topic.h"
#include "tools/rookery/metadata/tree_reader.h"

namespace rookery::tools::metadata {

struct Cluster {
  // The newest change that is in it. Until a later one to these nodes this is what everybody sees.
  int64_t zxid = 0;
  std::map<int32_t, std::optional<std::string>> brokers;  // registered ones, with their racks
  std::optional<int32_t> controller;
  std::optional<int32_t> controller_epoch;
  std::map<std::string, Topic> topics;
  std::vector<std::string> configured_topics;  // children of /config/topics
  std::vector<std::string> deleted_topics;     // children of /admin/delete_topics
  std::vector<std::string> unreadable;         // nodes that make no sense, with the reason

  bool IsLive(int32_t broker) const { return brokers.contains(broker); }
};

// All of it at one moment: over gRPC by one call of MetadataService, over ZooKeeper's protocol as
// below.
absl::StatusOr<Cluster> ReadCluster(const GlobalOptions& global);

// Reads everything twice, and again until nothing has changed between two readings: then all of it
// stood there at once. Aborted: it was still changing after several tries.
absl::StatusOr<Cluster> ReadCluster(client::BlockingClient& client);

// min.insync.replicas of a topic; 1 where it has none of its own.
int32_t MinInsyncReplicas(const Topic& topic);

}  // namespace rookery::tools::metadata
