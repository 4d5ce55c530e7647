// A Kafka controller in ZooKeeper mode: one broker's event loop that, while it is elected, looks
// after brokers, topics, leaders and in-sync replicas. Every write is fenced by the controller
// epoch. Source: kafka-on-zookeeper 3.2 to 3.11.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "broker-sim/async/session.h"
#include "broker-sim/controller/channels.h"
#include "broker-sim/controller/context.h"
#include "broker-sim/controller/leader_selection.h"
#include "broker-sim/controller/request_batch.h"
#include "broker-sim/timeline/timeline.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/coroutine/signal.h"
#include "coordinator/base/random.h"
#include "coordinator/kafka/broker.h"

namespace rookery::broker_sim {

struct ControllerOptions {
  int32_t broker = 0;
  bool ignores_fence = false;  // a planted mistake
  bool rebalances = true;      // auto.leader.rebalance.enable
  int64_t rebalance_after_us = 5'000'000;
  int64_t rebalance_every_us = 300'000'000;
  uint64_t seed = 0;
  // It won an election by the write `zxid`; may be null.
  std::function<void(int32_t broker, int32_t epoch, int64_t zxid)> on_elected;
  // What the winner does in place of Kafka's failover, under this version of /controller_epoch; may
  // be null.
  std::function<Async<>(int32_t broker, int32_t epoch, int32_t epoch_version)> take_over;
};

class Controller {
 public:
  // All outlive it. Run() is spawned into a scope that ends before it.
  Controller(ControllerOptions options, Session* session, Fabric* fabric, Executor* executor,
             const Clock* clock, Timeline* timeline);

  // What Kafka's controller thread does, from the first election on. Never ends.
  Async<> Run();

  // Ends once the first election is decided: somebody leads, this broker or another.
  Async<> Decided();

  // Requests of brokers and tools; they take their turn in the event loop. Not the controller:
  // answered so.
  void Take(AlterPartitionRequest request, Reply<AlterPartitionResponse> reply);
  void Take(ControlledShutdownRequest request, Reply<ControlledShutdownResponse> reply);
  void Take(AllocateProducerIdsRequest request, Reply<AllocateProducerIdsResponse> reply);
  // Moves a partition; an empty list takes the move back.
  void Reassign(PartitionId id, kafka::Replicas targets);
  // Leads back to the first replica, for all partitions.
  void ElectPreferred();

  bool active() const { return active_; }
  int32_t epoch() const { return epoch_; }
  const Context& context() const { return context_; }

  // The planted mistake: a controller whose session is over goes on in the next one as if nothing
  // had been.
  void TakeOverFrom(Controller&& before);

 private:
  using Event = std::function<Async<>()>;
  enum class Written { kDone, kConflict, kRefused };

  void Push(Event event) { events_.Push(std::move(event)); }

  // election.cc
  Async<> Elect();
  Async<bool> TryElect();  // true: it has won
  Async<bool> WonAfterAll(int32_t epoch);
  Async<> MaybeResign();
  void Resign();
  Async<> OnControllerNode(bool deleted);
  void Win(int32_t epoch, const model::Stat& stat);

  // fencing.cc
  Async<client::Result<model::MultiReply>> Fenced(model::MultiRequest::Part operation);
  Async<client::Result<model::MultiReply>> CreateFenced(std::string path, model::Data data);
  Async<client::Result<model::MultiReply>> DeleteFenced(std::string path);
  Async<client::Result<model::MultiReply>> SetFenced(std::string path, model::Data data,
                                                     int32_t version);

  // failover.cc
  Async<> Failover();
  Async<> EnsureFeatures();
  Async<> ClearNotifications(std::string root);
  Async<> ReadTopics(std::vector<std::string> topics);
  Async<> ReadTopic(std::string topic);
  Async<> ReadState(PartitionId id);
  Async<> ReadStates(std::vector<PartitionId> ids);
  void AddPartitions(const std::string& topic, const kafka::TopicAssignment& assignment);

  // brokers.cc
  Async<std::map<int32_t, int64_t>> ListBrokers();
  Async<> OnBrokersChanged();
  Async<> OnBrokersStarted(std::vector<int32_t> ids);
  Async<> OnBrokersFailed(std::vector<int32_t> ids);
  Async<> ShutDown(ControlledShutdownRequest request, Reply<ControlledShutdownResponse>* reply);

  // partition_states.cc
  Async<> BringOnline(std::vector<PartitionId> ids);  // New -> Online
  Async<> CreateStates(std::vector<PartitionId> ids);
  Async<int> ElectLeaders(std::vector<PartitionId> ids, ElectionRule rule);
  Async<> ElectLeader(PartitionId id, ElectionRule rule, int* elected);
  Async<bool> AllowsUnclean(std::string topic);
  std::vector<PartitionId> Leaderless() const;

  // replica_states.cc
  Async<> ReplicasOnline(std::vector<std::pair<PartitionId, int32_t>> replicas);
  Async<> ReplicasOffline(std::vector<std::pair<PartitionId, int32_t>> replicas);
  Async<> RemoveFromIsr(PartitionId id, int32_t replica);
  Async<Written> WriteState(PartitionId id, kafka::PartitionState state);

  // isr.cc
  Async<> AlterIsr(AlterPartitionRequest request, Reply<AlterPartitionResponse>* reply);

  // topics.cc
  Async<> OnTopicsChanged();
  Async<> OnTopicChanged(std::string topic);
  Async<> EnsureTopicId(std::string topic);
  Async<> StartNewPartitions(std::vector<PartitionId> ids);

  // deletion.cc
  Async<> OnDeletionsChanged();
  Async<> ResumeDeletions();
  Async<> BeginDeletion(std::string topic);
  Async<> OnReplicasRemoved(int32_t broker, std::vector<PartitionId> removed);
  Async<> FinishDeletion(std::string topic);
  Async<> DeleteTree(std::string path);

  // reassignment.cc
  Async<> BeginReassignment(PartitionId id, kafka::Replicas targets);
  Async<> OnReassignment(PartitionId id);
  Async<> CompleteReassignment(PartitionId id);
  Async<> WriteAssignment(std::string topic);
  Async<> TakeLegacyReassignment();
  Async<> ResumeReassignments();

  // preferred.cc
  Async<> ElectAllPreferred();
  Async<> TakeLegacyPreferred();
  Async<> Rebalance(int32_t epoch);

  // producer_ids.cc
  Async<> AllocateIds(Reply<AllocateProducerIdsResponse>* reply);

  void SendBatch() { batch_.Send(options_.broker, epoch_, context_, &channels_); }
  Partition& PartitionOf(const PartitionId& id) { return context_.partitions.at(id); }
  void Tell(TimelineEvent event) {
    event.broker = options_.broker;
    timeline_->Tell(std::move(event));
  }

  const ControllerOptions options_;
  Session* const session_;
  Fabric* const fabric_;
  Executor* const executor_;
  const Clock* const clock_;
  Timeline* const timeline_;
  Random random_;
  Mailbox<Event> events_;
  Signal decided_changed_;
  bool decided_ = false;
  bool active_ = false;
  int32_t epoch_ = 0;
  int32_t epoch_version_ = 0;
  Context context_;
  RequestBatch batch_;
  Channels channels_;
  std::map<std::string, std::map<int32_t, std::set<PartitionId>>> removed_;  // by topic
  Scope scope_;                                                              // timers
};

}  // namespace rookery::broker_sim
