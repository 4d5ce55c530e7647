// The state machine of partitions: kafka-on-zookeeper 3.5, 3.6.
#include "absl/strings/str_cat.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

using model::ErrorCode;

std::vector<PartitionId> Controller::Leaderless() const {
  std::vector<PartitionId> ids;
  for (const auto& [id, partition] : context_.partitions) {
    if (partition.phase == PartitionPhase::kOffline && !context_.deleting.contains(id.first)) {
      ids.push_back(id);
    }
  }
  return ids;
}

// New -> Online: the leader is the first live replica, the ISR all live ones. Three waves of
// writes, as Kafka pipelines them: the topic's folder, the partitions', the states.
Async<> Controller::BringOnline(std::vector<PartitionId> ids) {
  std::map<std::string, std::vector<PartitionId>> by_topic;
  for (const PartitionId& id : ids) by_topic[id.first].push_back(id);
  const int64_t begun_us = clock_->NowUs();
  for (const auto& [topic, partitions] : by_topic) {
    co_await CreateFenced(kafka::TopicPartitionsPath(topic), std::nullopt);
  }
  std::vector<Async<>> folders;
  for (const PartitionId& id : ids) {
    struct Wave {
      static Async<> Create(Controller* self, std::string path) {
        co_await self->CreateFenced(std::move(path), std::nullopt);
      }
    };
    folders.push_back(Wave::Create(this, kafka::PartitionPath(id.first, id.second)));
  }
  co_await RunAll(std::move(folders));
  co_await CreateStates(ids);
  if (!active_) co_return;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  for (const auto& [topic, partitions] : by_topic) {
    int64_t led = 0;
    for (const PartitionId& id : partitions) {
      led += PartitionOf(id).phase == PartitionPhase::kOnline ? 1 : 0;
    }
    Tell(
        {.name = "topic_online",
         .text = absl::StrCat("topic ", topic, ": ", led, " partitions led after ", took_ms, " ms"),
         .numbers = {{"partitions", led}, {"took_ms", took_ms}},
         .words = {{"topic", topic}}});
  }
}

Async<> Controller::CreateStates(std::vector<PartitionId> ids) {
  struct Wave {
    static Async<> Create(Controller* self, PartitionId id) {
      if (!self->context_.partitions.contains(id)) co_return;  // it has resigned meanwhile
      kafka::PartitionState state = {.controller_epoch = self->epoch_};
      for (const int32_t replica : self->PartitionOf(id).replicas) {
        if (self->context_.IsOnline(replica)) state.isr.push_back(replica);
      }
      if (state.isr.empty()) co_return;  // it stays new until one of its brokers lives
      state.leader = state.isr.front();
      model::Data data = kafka::EncodePartitionState(state);
      const auto created = co_await self->CreateFenced(
          kafka::PartitionStatePath(id.first, id.second), std::move(data));
      const auto known = self->context_.partitions.find(id);
      if (!created.ok() || known == self->context_.partitions.end()) co_return;
      known->second.state = std::move(state);
      known->second.version = 0;
      known->second.phase = PartitionPhase::kOnline;
      self->batch_.AddLeaderAndIsr(known->second.state.isr, id, true);
    }
  };
  std::vector<Async<>> creations;
  creations.reserve(ids.size());
  for (const PartitionId& id : ids) creations.push_back(Wave::Create(this, id));
  co_await RunAll(std::move(creations));
}

// Gives how many got a leader.
Async<int> Controller::ElectLeaders(std::vector<PartitionId> ids, ElectionRule rule) {
  int elected = 0;
  std::vector<Async<>> elections;
  elections.reserve(ids.size());
  for (const PartitionId& id : ids) elections.push_back(ElectLeader(id, rule, &elected));
  co_await RunAll(std::move(elections));
  co_return elected;
}

Async<> Controller::ElectLeader(PartitionId id, ElectionRule rule, int* elected) {
  while (active_ && context_.partitions.contains(id)) {
    co_await ReadState(id);
    const auto known = context_.partitions.find(id);
    if (!active_ || known == context_.partitions.end()) co_return;
    // A state of a later epoch: another controller has taken over.
    if (known->second.state.controller_epoch > epoch_ && !options_.ignores_fence) co_return;
    std::optional<Selection> selected = SelectLeader(rule, known->second, context_);
    if (!selected.has_value() && rule == ElectionRule::kOffline) {
      const bool unclean = co_await AllowsUnclean(id.first);
      if (!context_.partitions.contains(id)) co_return;
      if (unclean) {
        selected = SelectLeader(ElectionRule::kOfflineUnclean, PartitionOf(id), context_);
      }
    }
    if (!selected.has_value()) co_return;
    kafka::PartitionState state = PartitionOf(id).state;
    state.leader = selected->leader;
    state.isr = selected->isr;
    state.recovering = selected->recovering;
    ++state.leader_epoch;
    const Written written = co_await WriteState(id, std::move(state));
    if (written == Written::kConflict) continue;
    if (written == Written::kRefused || !context_.partitions.contains(id)) co_return;
    Partition& partition = PartitionOf(id);
    partition.phase = PartitionPhase::kOnline;
    ++*elected;
    kafka::Replicas told;
    for (const int32_t replica : partition.replicas) {
      if (context_.live.contains(replica)) told.push_back(replica);
    }
    batch_.AddLeaderAndIsr(told, id, false);
    co_return;
  }
}

// The topic's own setting, read at this moment; brokers' default is false.
Async<bool> Controller::AllowsUnclean(std::string topic) {
  const auto node = co_await session_->GetData(kafka::TopicConfigPath(topic));
  const kafka::ConfigMap config = kafka::DecodeConfig(node.value.data.value_or(""));
  const auto value = config.find("unclean.leader.election.enable");
  co_return value != config.end() && value->second == "true";
}

}  // namespace rookery::broker_sim
