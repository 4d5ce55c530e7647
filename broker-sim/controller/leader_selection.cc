#include "broker-sim/controller/leader_selection.h"

namespace rookery::broker_sim {
namespace {

template <typename Fits>
std::optional<int32_t> First(const kafka::Replicas& replicas, Fits fits) {
  const auto found = std::find_if(replicas.begin(), replicas.end(), fits);
  if (found == replicas.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::optional<Selection> SelectLeader(ElectionRule rule, const Partition& partition,
                                      const Context& context) {
  const kafka::Replicas& isr = partition.state.isr;
  const auto online = [&](int32_t id) { return context.IsOnline(id); };
  const auto online_and_in_sync = [&](int32_t id) { return online(id) && Contains(isr, id); };
  kafka::Replicas live_isr;
  std::copy_if(isr.begin(), isr.end(), std::back_inserter(live_isr), online);

  switch (rule) {
    case ElectionRule::kOffline:
    case ElectionRule::kOfflineUnclean: {
      if (const auto leader = First(partition.replicas, online_and_in_sync)) {
        return Selection{*leader, live_isr, partition.state.recovering};
      }
      if (rule != ElectionRule::kOfflineUnclean) return std::nullopt;
      const auto leader = First(partition.replicas, online);
      if (!leader.has_value()) return std::nullopt;
      return Selection{*leader, {*leader}, true};
    }
    case ElectionRule::kReassign: {
      const auto leader = First(partition.target(), online_and_in_sync);
      if (!leader.has_value()) return std::nullopt;
      return Selection{*leader, isr, partition.state.recovering};
    }
    case ElectionRule::kPreferred: {
      if (partition.replicas.empty() || !online_and_in_sync(partition.replicas.front())) {
        return std::nullopt;
      }
      return Selection{partition.replicas.front(), isr, partition.state.recovering};
    }
    case ElectionRule::kControlledShutdown: {
      const auto leader = First(partition.replicas, online_and_in_sync);
      if (!leader.has_value()) return std::nullopt;
      kafka::Replicas rest;
      std::copy_if(isr.begin(), isr.end(), std::back_inserter(rest),
                   [&](int32_t id) { return !context.shutting_down.contains(id); });
      return Selection{*leader, rest, partition.state.recovering};
    }
  }
  return std::nullopt;
}

}  // namespace rookery::broker_sim
