// What the service counts, as plain values: for mntr, metrics and people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/base/durations.h"
#include "coordinator/model/ids.h"

namespace rookery::service {

using rookery::Durations;

struct Statistics {
  // From receipt to answer, by what was asked.
  Durations reads;
  Durations updates;
  Durations elections;                // from knowing no leader to knowing one
  Durations checkpoint_times;         // until the files are there
  uint64_t outstanding_requests = 0;  // taken and not answered
  uint64_t connections = 0;

  uint64_t nodes = 0;
  uint64_t ephemerals = 0;
  uint64_t data_bytes = 0;  // paths and data
  uint64_t sessions = 0;    // of the ensemble
  uint64_t watch_connections = 0, watch_paths = 0, watch_data = 0, watch_all = 0;

  uint64_t applied_requests = 0;  // by this server since it started
  uint64_t skipped_requests = 0;  // repeated tickets
  uint64_t refused_requests = 0;  // of those, of an incarnation that is no longer the granted one
  uint64_t apply_misses = 0;      // entries that stopped for a node that was not in memory
  uint64_t read_misses = 0;
  uint64_t resends = 0;           // times that unanswered writes went to a leader again
  uint64_t entries_proposed = 0;  // as the leader
  uint64_t entry_bytes_last = 0, entry_bytes_min = 0, entry_bytes_max = 0;
  uint64_t expired_sessions = 0;      // applied here
  uint64_t deleted_containers = 0;    // empty ones, likewise
  uint64_t revalidated_sessions = 0;  // moved to a connection of this server
  uint64_t flushes = 0, checkpoints = 0;
  uint64_t unusable_checkpoints = 0;  // made here, and refused by who fetched them
  uint64_t apply_backlog = 0;         // entries committed and not applied
  int64_t uptime_us = 0;
  int64_t leading_us = 0;  // 0: not leading
};

// A path with data watches, and who has them on this server; 0 for a watcher without a session.
struct WatchedPath {
  std::string path;
  std::vector<model::SessionId> sessions;  // sorted
};

struct SessionInfo {
  model::SessionId id = 0;
  int32_t timeout_ms = 0;
  model::ServerId server = 0;           // that keeps its connection
  int64_t expires_in_us = -1;           // on the leader; -1: only the leader knows
  std::vector<std::string> ephemerals;  // sorted
};

}  // namespace rookery::service
