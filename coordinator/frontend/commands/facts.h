// What a server tells people and their tools about itself, as values: four-letter words, the
// administration port and metrics are made of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/model/ids.h"
#include "coordinator/service/ensemble.h"
#include "coordinator/service/statistics.h"

namespace rookery::frontend {

// One client connection of the ZooKeeper door.
struct ClientLine {
  std::string peer;  // "127.0.0.1:4711"
  bool reading = true;
  uint64_t queued = 0;
  uint64_t received = 0;
  uint64_t sent = 0;
  model::SessionId session = 0;
  std::string last_operation = "NA";
  int64_t established_ms = 0;  // wall clock
  int32_t timeout_ms = 0;
  int64_t last_cxid = 0;
  model::Zxid last_zxid = -1;
  int64_t last_response_ms = 0;  // monotonic clock
  int64_t last_latency_ms = 0;
  int64_t min_latency_ms = 0;
  double avg_latency_ms = 0;
  int64_t max_latency_ms = 0;
};

struct TrafficCounters {
  uint64_t packets_received = 0;
  uint64_t packets_sent = 0;
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
  uint64_t connection_requests = 0;   // handshakes
  uint64_t connections_rejected = 0;  // by maxClientCnxns or maxCnxns
  uint64_t connections_dropped = 0;   // by this server, for any reason
  uint64_t sessionless_expired = 0;
  uint64_t auth_failed = 0;
  uint64_t large_requests_rejected = 0;
  uint64_t response_bytes_last = 0, response_bytes_min = 0, response_bytes_max = 0;
};

// As configured; empty texts and -1 are what ZooKeeper prints for "none".
struct ConfigurationFacts {
  int client_port = -1;
  int secure_client_port = -1;
  service::DoorPorts ports;
  std::string data_dir;
  std::string data_log_dir;
  int tick_time_ms = 0;
  int max_client_connections = 0;
  int min_session_timeout_ms = 0;
  int max_session_timeout_ms = 0;
  int client_port_listen_backlog = -1;
  uint32_t server_id = 0;
  // Ensembles only; `membership` empty: a lone server.
  int init_limit = 0;
  int sync_limit = 0;
  int election_port = 0;
  int quorum_port = 0;
  bool observer = false;
  std::string membership;  // the dynamic configuration's text (zookeeper-protocol 7.3)
};

struct ProcessFacts {
  int64_t open_files = 0;
  int64_t open_files_max = 0;
  int64_t resident_bytes = 0;
  double cpu_seconds = 0;
  // "Environment:" of envi: host.name, os.name, user.dir ...
  std::vector<std::pair<std::string, std::string>> environment;
};

// A number for mntr and metrics, by ZooKeeper's name without "zk_".
struct Metric {
  std::string name;
  double value = 0;
  bool counter = false;
};
struct DurationMetric {
  std::string name;
  const service::Durations* durations = nullptr;
};

// Bytes of the files below dataDir and dataLogDir; where both are one, each is of the whole.
struct DirectoryFacts {
  uint64_t data_bytes = 0;
  uint64_t log_bytes = 0;
};

// Where the facts come from. Core executor; each is asked anew for every answer.
struct FactSources {
  std::function<service::Statistics()> statistics;
  // Open connections: of the ZooKeeper port all, also without a session; gRPC's sessions.
  std::function<uint64_t()> connections;
  std::function<std::vector<service::WatchedPath>()> watches;
  std::function<service::EnsembleStatus()> ensemble;
  std::function<std::vector<service::SessionInfo>()> sessions;
  std::function<std::vector<ClientLine>()> clients;
  std::function<TrafficCounters()> traffic;
  std::function<ConfigurationFacts()> configuration;
  std::function<DirectoryFacts()> directories;  // as last measured
  std::function<ProcessFacts()> process;
  // Numbers of modules that this one does not know (consensus, store, gRPC); may be null.
  std::function<void(std::vector<Metric>*, std::vector<DurationMetric>*)> more_metrics;
  // Set to zero what a server, or what its connections have counted.
  std::function<void()> reset_server;
  std::function<void()> reset_connections;
};

// Of this machine and process, read from the operating system: an edge.
ProcessFacts ReadProcessFacts();
// Of all files below a directory, 0 if there is none; takes a look at each of them: an edge.
uint64_t DirectoryBytes(const std::string& directory);

}  // namespace rookery::frontend
