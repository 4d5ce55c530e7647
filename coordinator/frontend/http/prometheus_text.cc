#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "coordinator/frontend/commands/numbers.h"
#include "coordinator/frontend/http/admin_router.h"

namespace rookery::frontend {
namespace {

prometheus::MetricFamily FamilyOf(const Metric& metric) {
  prometheus::MetricFamily family;
  family.name = metric.name;
  family.type = metric.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  prometheus::ClientMetric value;
  (metric.counter ? value.counter.value : value.gauge.value) = metric.value;
  family.metric.push_back(std::move(value));
  return family;
}

prometheus::MetricFamily FamilyOf(const DurationMetric& metric) {
  const service::Durations& durations = *metric.durations;
  prometheus::MetricFamily family;
  family.name = metric.name;
  family.type = prometheus::MetricType::Summary;
  prometheus::ClientMetric value;
  value.summary.sample_count = durations.count();
  value.summary.sample_sum = static_cast<double>(durations.sum_us()) / 1000;
  for (const double quantile : {0.5, 0.9, 0.99}) {
    value.summary.quantile.push_back(
        {quantile, static_cast<double>(durations.QuantileUs(quantile)) / 1000});
  }
  family.metric.push_back(std::move(value));
  return family;
}

}  // namespace

std::string PrometheusText(const MetricSet& set) {
  std::vector<prometheus::MetricFamily> families;
  families.reserve(set.metrics.size() + set.durations.size() + 1);
  for (const Metric& metric : set.metrics) families.push_back(FamilyOf(metric));
  for (const DurationMetric& metric : set.durations) families.push_back(FamilyOf(metric));
  prometheus::MetricFamily state;
  state.name = "server_state";
  state.help = "1 for the role that this server has";
  state.type = prometheus::MetricType::Gauge;
  prometheus::ClientMetric role;
  role.label = {{"state", set.ensemble.serving ? ModeOf(set.ensemble) : "looking"}};
  role.gauge.value = 1;
  state.metric.push_back(std::move(role));
  families.push_back(std::move(state));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace rookery::frontend
