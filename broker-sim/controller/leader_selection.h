// Who becomes the leader of a partition: Kafka's five rules, as functions of values. Source:
// kafka-on-zookeeper 3.6.
#pragma once

#include <functional>
#include <optional>

#include "broker-sim/controller/context.h"

namespace rookery::broker_sim {

enum class ElectionRule {
  kOffline,             // the leader is gone
  kOfflineUnclean,      // the same, and a replica out of sync may lead if there is no other
  kReassign,            // the leader is not among the targets of a reassignment
  kPreferred,           // back to the first replica
  kControlledShutdown,  // away from a broker that is about to stop
};

struct Selection {
  int32_t leader = -1;
  kafka::Replicas isr;
  bool recovering = false;  // an unclean election
};

// nullopt: nobody can lead by this rule, and the state stays as it is.
std::optional<Selection> SelectLeader(ElectionRule rule, const Partition& partition,
                                      const Context& context);

}  // namespace rookery::broker_sim
