#include "broker-sim/view/cluster_view.h"

namespace rookery::broker_sim {

ClusterView::Health ClusterView::health() const {
  Health health;
  for (const auto& [topic, partitions] : topics) {
    for (const auto& [number, partition] : partitions) {
      ++health.partitions;
      const bool led = partition.state.has_value() && brokers.contains(partition.state->leader);
      if (!led) ++health.leaderless;
      if (!partition.state.has_value() || partition.state->isr.size() < partition.replicas.size()) {
        ++health.under_replicated;
      }
    }
  }
  return health;
}

}  // namespace rookery::broker_sim
