// What a step of the controller has to say to brokers, gathered and then sent, one request of each
// kind for each broker. Source: kafka-on-zookeeper 3.4 to 3.9.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "broker-sim/controller/channels.h"
#include "broker-sim/controller/context.h"

namespace rookery::broker_sim {

class RequestBatch {
 public:
  // The live ones among `brokers` take the partition over; all live ones hear of it.
  void AddLeaderAndIsr(const kafka::Replicas& brokers, const PartitionId& id, bool is_new);
  void AddUpdateMetadata(const std::set<int32_t>& brokers,
                         const std::vector<PartitionId>& partitions);
  void AddStopReplica(int32_t broker, const PartitionId& id, bool remove);
  void AddDeleted(const PartitionId& id) { deleted_.insert(id); }

  // Sends and forgets. `controller` and `epoch` mark every request.
  void Send(int32_t controller, int32_t epoch, const Context& context, Channels* channels);

 private:
  std::map<int32_t, std::map<PartitionId, bool>> leadership_;
  std::map<int32_t, std::set<PartitionId>> metadata_;
  std::set<PartitionId> changed_;  // for the metadata of all live brokers
  std::set<PartitionId> deleted_;
  std::map<int32_t, std::vector<StopReplicaRequest::One>> stops_;
};

}  // namespace rookery::broker_sim
