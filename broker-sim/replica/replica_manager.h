// The replicas on one broker: takes what the controller says, fetches as a follower, answers
// fetches and produces as a leader, and asks the controller for changes of the in-sync replicas.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "broker-sim/fabric/fabric.h"
#include "broker-sim/quota/replication_quota.h"
#include "broker-sim/replica/partition.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/coroutine/signal.h"

namespace rookery::broker_sim {

// What stays of a broker when its process ends.
struct Disk {
  std::map<PartitionId, ReplicaLog> logs;
};

struct ReplicaOptions {
  int64_t lag_max_us = 10'000'000;     // replica.lag.time.max.ms
  int64_t fetch_wait_us = 500'000;     // replica.fetch.wait.max.ms
  int64_t fetch_backoff_us = 200'000;  // replica.fetch.backoff.ms
  int64_t checkpoint_every_us = 5'000'000;
  bool acknowledges_early = false;  // a planted mistake
};

class ReplicaManager {
 public:
  struct World {
    std::function<int32_t()> controller;             // its id, -1: unknown
    std::function<int64_t()> broker_epoch;           // of this broker
    std::function<int(const std::string&)> min_isr;  // of a topic
    // Throttles of replication; null: none.
    ReplicationQuota* leader_quota = nullptr;
    ReplicationQuota* follower_quota = nullptr;
  };
  // Everything outlives it.
  ReplicaManager(int32_t self, ReplicaOptions options, Disk* disk, Fabric* fabric,
                 Executor* executor, const Clock* clock, Timeline* timeline, World world);

  void Start();
  void TakeLeadership(const std::vector<PartitionLeadership>& partitions);
  // Gives those whose log was removed.
  std::vector<PartitionId> StopReplicas(const std::vector<StopReplicaRequest::One>& partitions);

  Async<FetchResponse> Fetch(FetchRequest request);
  Async<ProduceResponse> Produce(ProduceRequest request);

  const std::map<PartitionId, LocalPartition>& partitions() const { return partitions_; }

 private:
  FetchResponse ReadNow(const FetchRequest& request, int64_t* bytes);
  FetchResponse::One ReadOne(const PartitionId& id, const FetchRequest::One& one, int32_t replica,
                             int64_t bytes_max);
  bool IsHeldBack(ReplicationQuota* quota, const PartitionId& id, bool in_sync);
  void CountFetched(ReplicationQuota* quota, const FetchResponse& response);
  bool AddToFetch(const LocalPartition& partition, FetchRequest* request);
  Async<> FetchFrom(int32_t leader);
  void TakeFetched(const PartitionId& id, const FetchRequest::One& asked,
                   const FetchResponse::One& fetched);
  Async<> LookAfter();
  void AskForIsr(const PartitionId& id, kafka::Replicas isr);
  Async<> ChangeIsr(PartitionId id, kafka::Replicas isr);
  void Rise(LocalPartition* partition);

  const int32_t self_;
  const ReplicaOptions options_;
  Disk* const disk_;
  Fabric* const fabric_;
  Executor* const executor_;
  const Clock* const clock_;
  Timeline* const timeline_;
  const World world_;
  std::map<PartitionId, LocalPartition> partitions_;
  std::set<int32_t> fetching_from_;
  // As follower: how far behind the leader's watermark the last answer left it.
  std::map<PartitionId, int64_t> lags_;
  std::map<const ReplicationQuota*, int64_t> held_back_told_us_;
  Signal appended_;   // there is more to read
  Signal watermark_;  // one has risen, or a leadership has changed
  Signal followed_;   // there is something new to fetch
  Scope scope_;
};

}  // namespace rookery::broker_sim
