// The numbers of mntr, of the monitor command and of /metrics, under ZooKeeper's names without
// "zk_" (zookeeper-protocol 6.2, 6.3).
#pragma once

#include <vector>

#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {

struct MetricSet {
  service::EnsembleStatus ensemble;
  service::Statistics statistics;  // what `durations` point into
  std::vector<Metric> metrics;
  std::vector<DurationMetric> durations;  // in milliseconds when told
};

// Not movable once filled.
void CollectMetrics(const FactSources& sources, MetricSet* set);

// As lines of mntr: name without "zk_", value as text; the summaries spelled out.
std::vector<std::pair<std::string, std::string>> MetricLines(const MetricSet& set);

}  // namespace rookery::frontend
