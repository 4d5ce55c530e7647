// Simulated brokers must not live among real ones: they would win their elections.
#pragma once

#include "absl/status/status.h"
#include "broker-sim/async/session.h"

namespace rookery::broker_sim {

// 22 characters of base64url that begin with "Simulated": a tree's cluster id tells who made it.
std::string SimulatedClusterId(uint64_t high, uint64_t low);

// FailedPrecondition names the brokers that are registered, or the cluster id if a real cluster
// made it. OK: the tree is empty, preloaded, or a simulation's that has ended.
Async<absl::Status> CheckForRealBrokers(Session* session);

}  // namespace rookery::broker_sim
