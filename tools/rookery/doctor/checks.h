// What the doctor looks for; each check gives a finding, without subjects if all is well. One file
// for partitions, one for all that belongs to no partition.
#pragma once

#include "tools/rookery/doctor/diagnosis.h"

namespace rookery::tools::doctor {

using Check = Finding (*)(const metadata::Cluster& cluster);

// Of partitions.
Finding Leaderless(const metadata::Cluster& cluster);
Finding LeaderOutOfSync(const metadata::Cluster& cluster);
Finding UnderMinIsr(const metadata::Cluster& cluster);
Finding UnderReplicated(const metadata::Cluster& cluster);
Finding SingleRack(const metadata::Cluster& cluster);
Finding UnknownReplicas(const metadata::Cluster& cluster);
Finding InconsistentReplicas(const metadata::Cluster& cluster);
Finding NotStarted(const metadata::Cluster& cluster);
Finding FutureEpoch(const metadata::Cluster& cluster);
Finding NotPreferred(const metadata::Cluster& cluster);
Finding BeingReassigned(const metadata::Cluster& cluster);

// Of the cluster.
Finding NoController(const metadata::Cluster& cluster);
Finding Unreadable(const metadata::Cluster& cluster);
Finding OrphanedConfigs(const metadata::Cluster& cluster);
Finding StuckDeletions(const metadata::Cluster& cluster);
Finding UnevenReplicas(const metadata::Cluster& cluster);

inline constexpr Check kChecks[] = {
    NoController,    Unreadable,      Leaderless,     LeaderOutOfSync,
    UnderMinIsr,     FutureEpoch,     NotStarted,     InconsistentReplicas,
    UnknownReplicas, UnderReplicated, SingleRack,     BeingReassigned,
    StuckDeletions,  NotPreferred,    UnevenReplicas, OrphanedConfigs,
};

}  // namespace rookery::tools::doctor
