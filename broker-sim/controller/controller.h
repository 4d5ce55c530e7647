// A Kafka controller as it works through the coordinator: failover, brokers that come and go,
// topics, leaders and in-sync replicas. Every write is fenced by the controller epoch. Source:
// kafka-on-zookeeper 3.2 to 3.9.
//
// It belongs to one broker, which feeds it events one at a time; a lost epoch ends its activity.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker-sim/async/session.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"
#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/topic.h"

namespace rookery::broker_sim {

using PartitionId = std::pair<std::string, int32_t>;

// A partition as the controller knows it.
struct Partition {
  kafka::Replicas replicas;
  kafka::PartitionState state;
  int32_t version = -1;  // of the state node; -1: it does not exist yet
};

class Controller {
 public:
  // Called when a watch of the controller fires: the broker shall bring the event back in turn.
  struct Wakes {
    std::function<void()> brokers_changed;
    std::function<void()> topics_changed;
    std::function<void(std::string topic)> topic_changed;
    std::function<void()> deletions_changed;
  };

  Controller(int32_t broker, Session* session, const Clock* clock, Timeline* timeline, Wakes wakes);

  // Tries to become the controller. True: it is, under a new epoch. Leaves a watch on /controller
  // through `on_change` in any case.
  Async<bool> Elect(std::function<void()> on_change);
  // Takes over: reads the cluster and mends what is broken. False: the epoch was lost meanwhile.
  Async<bool> Failover();

  // Events; each does nothing unless active().
  Async<> OnBrokersChanged();
  Async<> OnTopicsChanged();
  Async<> OnTopicChanged(std::string topic);
  Async<> OnDeletionsChanged();
  // Replicas of a broker that came back have caught up.
  Async<> ExpandIsr(int32_t broker);

  bool active() const { return active_; }
  void Resign() { active_ = false; }
  int32_t epoch() const { return epoch_; }
  int64_t elected_zxid() const { return elected_zxid_; }  // of the write that won the epoch
  const std::map<int32_t, int64_t>& live_brokers() const { return live_; }  // id -> broker epoch
  const std::map<PartitionId, Partition>& partitions() const { return partitions_; }

 private:
  // One operation under check of the controller epoch. The result is that of the operation; a lost
  // epoch deactivates.
  Async<client::Result<model::MultiReply>> Fenced(model::MultiRequest::Part operation);
  Async<> CreateFenced(std::string path, model::Data data);
  Async<> DeleteFenced(std::string path);

  Async<> ReadBrokers();
  Async<> ReadTopic(std::string topic);
  Async<> ReadState(PartitionId id);
  Async<> ClearNotifications(std::string root);
  Async<> BringOnline(std::string topic);  // new partitions
  Async<> CreatePartition(PartitionId id);
  Async<> DeleteTopic(std::string topic);

  // Elects leaders and shrinks ISRs after brokers left or came; tells how many leaders moved.
  Async<> Repair(std::string why);
  Async<> RepairPartition(PartitionId id, int64_t* moved, int64_t* offline);
  // Writes a state under its version; re-reads on a conflict. False: somebody else was faster.
  Async<bool> WriteState(PartitionId id, kafka::PartitionState state);
  bool IsLive(int32_t broker) const { return live_.contains(broker); }

  const int32_t broker_;
  Session* const session_;
  const Clock* const clock_;
  Timeline* const timeline_;
  const Wakes wakes_;
  bool active_ = false;
  int32_t epoch_ = 0;
  int32_t epoch_version_ = 0;
  int64_t elected_zxid_ = 0;
  std::map<int32_t, int64_t> live_;
  std::map<std::string, kafka::TopicAssignment> topics_;
  std::map<PartitionId, Partition> partitions_;
};

}  // namespace rookery::broker_sim
