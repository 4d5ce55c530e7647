// Where replicas should stand, with as few moves as can be: pure functions of one copy of the
// metadata.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "absl/status/statusor.h"
#include "coordinator/kafka/admin.h"
#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::reassign {

using Moves = std::map<kafka::TopicPartition, kafka::Replicas>;

// Partitions that have new replicas or a new order, and those alone.
//   drain    no replica stays on `brokers`; each goes to the live broker with the fewest, in a rack
//            that the partition does not use yet if there is one
//   add      replicas go to `brokers` until these hold their share
//   balance  every live broker holds its share of replicas, and of preferred leaders
// No partition loses a rack by a move. Topics that are marked for deletion and partitions that are
// being reassigned stay as they are.
// InvalidArgument: a broker to add is not registered. FailedPrecondition: a replica has nowhere to
// go.
absl::StatusOr<Moves> PlanDrain(const metadata::Cluster& cluster, const std::set<int32_t>& brokers);
absl::StatusOr<Moves> PlanAdd(const metadata::Cluster& cluster, const std::set<int32_t>& brokers);
Moves PlanBalance(const metadata::Cluster& cluster);

// What a plan costs: replicas that must be copied.
size_t CopiedReplicas(const metadata::Cluster& cluster, const Moves& moves);
// The present replicas of the partitions of `moves`: what undoes them.
Moves Present(const metadata::Cluster& cluster, const Moves& moves);

}  // namespace rookery::tools::reassign
