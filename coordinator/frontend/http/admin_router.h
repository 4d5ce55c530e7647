// What the administration port shows: ZooKeeper's /commands, /metrics for Prometheus under the
// names that existing dashboards use, /livez and /readyz.
#pragma once

#include <string>

#include "coordinator/frontend/commands/facts.h"
#include "coordinator/frontend/commands/metrics.h"
#include "coordinator/frontend/http/http_connection.h"

namespace rookery::frontend {

HttpRouter AdminRouter(FactSources sources);

// In Prometheus' text format.
std::string PrometheusText(const MetricSet& set);

}  // namespace rookery::frontend
