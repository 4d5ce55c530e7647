#include "coordinator/frontend/commands/metrics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/commands/numbers.h"

namespace rookery::frontend {
namespace {

void AddTraffic(const service::Statistics& now, const TrafficCounters& traffic,
                uint64_t connections, std::vector<Metric>* out) {
  const Latency latency = LatencyOf(now);
  const auto add = [out](const char* name, double value, bool counter = false) {
    out->push_back({name, value, counter});
  };
  add("avg_latency", latency.avg_ms);
  add("max_latency", static_cast<double>(latency.max_ms));
  add("min_latency", static_cast<double>(latency.min_ms));
  add("packets_received", traffic.packets_received);
  add("packets_sent", traffic.packets_sent);
  add("num_alive_connections", static_cast<double>(connections));
  add("outstanding_requests", now.outstanding_requests);
  add("uptime", static_cast<double>(now.uptime_us / 1000));
  add("znode_count", NodeCount(now));
  add("watch_count", now.watch_all);
  add("ephemerals_count", now.ephemerals);
  add("approximate_data_size", now.data_bytes);
  add("global_sessions", now.sessions);
  add("local_sessions", 0);
  add("last_client_response_size", traffic.response_bytes_last);
  add("min_client_response_size", traffic.response_bytes_min);
  add("max_client_response_size", traffic.response_bytes_max);
  add("auth_failed_count", traffic.auth_failed);
  add("connection_drop_probability", 0);
  add("outstanding_tls_handshake", 0);
}

void AddCounters(const service::Statistics& now, const TrafficCounters& traffic,
                 std::vector<Metric>* out) {
  const auto add = [out](const char* name, uint64_t value) {
    out->push_back({name, static_cast<double>(value), true});
  };
  add("proposal_count", now.entries_proposed);
  add("commit_count", now.applied_requests);
  add("connection_request_count", traffic.connection_requests);
  add("connection_rejected", traffic.connections_rejected);
  add("connection_drop_count", traffic.connections_dropped);
  add("sessionless_connections_expired", traffic.sessionless_expired);
  add("large_requests_rejected", traffic.large_requests_rejected);
  add("bytes_received_count", traffic.bytes_received);
  add("response_bytes", traffic.bytes_sent);
  add("stale_sessions_expired", now.expired_sessions);
  add("connection_revalidate_count", now.revalidated_sessions);
  add("snap_count", now.checkpoints);
  // Ours.
  add("flush_count", now.flushes);
  add("apply_miss_count", now.apply_misses);
  add("read_miss_count", now.read_misses);
  add("resend_count", now.resends);
  add("skipped_ticket_count", now.skipped_requests);
}

void AddEnsemble(const service::Statistics& now, const service::EnsembleStatus& status,
                 std::vector<Metric>* out) {
  const auto add = [out](const char* name, double value) { out->push_back({name, value, false}); };
  add("apply_backlog", now.apply_backlog);
  if (status.members.size() <= 1) return;
  double voters = 0;
  double followers = 0;
  double observers = 0;
  for (const service::EnsembleMember& member : status.members) {
    voters += member.voter;
    if (!member.connected || member.server == status.server) continue;
    (member.voter ? followers : observers) += 1;
  }
  add("quorum_size", voters);
  if (status.state != service::ServerState::kLeading) return;
  add("learners", followers + observers);
  add("followers", followers + observers);  // its name up to ZooKeeper 3.5
  add("synced_followers", followers);
  add("synced_non_voting_followers", 0);
  add("synced_observers", observers);
  add("pending_syncs", 0);
  add("leader_uptime", static_cast<double>(now.leading_us / 1000));
  add("last_proposal_size", now.entries_proposed == 0 ? -1.0 : now.entry_bytes_last);
  add("min_proposal_size", now.entries_proposed == 0 ? -1.0 : now.entry_bytes_min);
  add("max_proposal_size", now.entries_proposed == 0 ? -1.0 : now.entry_bytes_max);
}

}  // namespace

void CollectMetrics(const FactSources& sources, MetricSet* set) {
  set->statistics = sources.statistics();
  set->ensemble = sources.ensemble();
  const TrafficCounters traffic = sources.traffic();
  AddTraffic(set->statistics, traffic, sources.connections(), &set->metrics);
  AddEnsemble(set->statistics, set->ensemble, &set->metrics);
  const ProcessFacts process = sources.process();
  set->metrics.push_back(
      {"open_file_descriptor_count", static_cast<double>(process.open_files), false});
  set->metrics.push_back(
      {"max_file_descriptor_count", static_cast<double>(process.open_files_max), false});
  set->metrics.push_back(
      {"process_resident_memory_bytes", static_cast<double>(process.resident_bytes), false});
  set->metrics.push_back({"process_cpu_seconds_total", process.cpu_seconds, true});
  AddCounters(set->statistics, traffic, &set->metrics);
  set->durations = {{"readlatency", &set->statistics.reads},
                    {"updatelatency", &set->statistics.updates},
                    {"election_time", &set->statistics.elections},
                    {"snapshottime", &set->statistics.checkpoint_times}};
  if (sources.more_metrics) sources.more_metrics(&set->metrics, &set->durations);
}

std::vector<std::pair<std::string, std::string>> MetricLines(const MetricSet& set) {
  std::vector<std::pair<std::string, std::string>> lines;
  lines.emplace_back("version", VersionText(set.ensemble));
  lines.emplace_back("server_state", ModeOf(set.ensemble));
  if (set.ensemble.members.size() > 1) {
    const std::string mode = ModeOf(set.ensemble);
    lines.emplace_back("peer_state", mode == "leader"     ? "leading - broadcast"
                                     : mode == "observer" ? "observing - broadcast"
                                                          : "following - broadcast");
  }
  for (const Metric& metric : set.metrics) {
    lines.emplace_back(metric.name,
                       metric.name == "avg_latency" ? Decimal(metric.value) : Number(metric.value));
  }
  for (const DurationMetric& each : set.durations) {
    const service::Durations& values = *each.durations;
    const auto add = [&](const char* prefix, double us) {
      lines.emplace_back(absl::StrCat(prefix, "_", each.name), Number(us / 1000));
    };
    lines.emplace_back(absl::StrCat("avg_", each.name), Decimal(values.mean_us() / 1000));
    add("min", static_cast<double>(values.min_us()));
    add("max", static_cast<double>(values.max_us()));
    lines.emplace_back(absl::StrCat("cnt_", each.name), absl::StrCat(values.count()));
    add("sum", static_cast<double>(values.sum_us()));
    add("p50", static_cast<double>(values.QuantileUs(0.5)));
    add("p95", static_cast<double>(values.QuantileUs(0.95)));
    add("p99", static_cast<double>(values.QuantileUs(0.99)));
    add("p999", static_cast<double>(values.QuantileUs(0.999)));
  }
  return lines;
}

}  // namespace rookery::frontend
