// Files of kafka-reassign-partitions and kafka-leader-election, and what is shown of plans.
// Source: kafka-on-zookeeper 4.6.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/rookery/reassign/move_plan.h"

namespace rookery::tools::reassign {

// NotFound or PermissionDenied with the system's reason.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// A plan from a file. InvalidArgument: it is none, names a partition twice, or log directories,
// which the controller has no part in.
absl::StatusOr<Moves> ReadPlan(const std::string& path);
// What stands in /admin/reassign_partitions: what the controller has not done yet.
absl::StatusOr<Moves> ReadRequested(client::BlockingClient& client);

// {"version":1,"partitions":[{"topic":..,"partition":..,"replicas":[..],"log_dirs":["any",..]}]}
std::string PlanJson(const Moves& moves);

// "orders-0,orders-1"
std::string Names(const Moves& moves);

// InvalidArgument names what cannot be: a partition that is not there, no replicas, one broker
// twice, one that is not registered, a topic that is marked for deletion.
absl::Status CheckPlan(const metadata::Cluster& cluster, const Moves& moves);

}  // namespace rookery::tools::reassign
