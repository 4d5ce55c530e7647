// What a live view shows of the cluster.
#include "broker-sim/cluster/cluster.h"

namespace rookery::broker_sim {
namespace {

ClusterView ViewOf(const Controller& controller) {
  ClusterView view;
  view.controller_epoch = controller.epoch();
  const Context& context = controller.context();
  view.brokers = context.live;
  for (const auto& [id, partition] : context.partitions) {
    PartitionView& seen = view.topics[id.first][id.second];
    seen.replicas = partition.replicas;
    if (partition.version >= 0) seen.state = partition.state;
  }
  return view;
}

}  // namespace

void Cluster::Describe(Picture* picture) const {
  if (const Broker* controller = ControllerBroker(); controller != nullptr) {
    picture->view = ViewOf(*controller->controller());
    picture->view.controller = controller->id();
  }
  picture->states = States();
  for (const auto& [place, member] : members_) {
    const int32_t id = member.broker->id();
    if (id < 0) continue;
    picture->throttled_ms[id] = member.broker->throttled_ms();
    if (member.broker->options().rack.has_value()) {
      picture->racks[id] = *member.broker->options().rack;
    }
  }
  for (const auto& producer : producers_) {
    picture->clients.push_back({.name = producer->spec().name,
                                .producer = true,
                                .records = static_cast<int64_t>(producer->acknowledged().size()),
                                .throttled_ms = producer->throttled_ms(),
                                .refused = producer->refused()});
  }
  for (const auto& consumer : consumers_) {
    picture->clients.push_back({.name = consumer->spec().name,
                                .records = consumer->consumed(),
                                .throttled_ms = consumer->throttled_ms()});
  }
}

}  // namespace rookery::broker_sim
