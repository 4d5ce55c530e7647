// Brokers that come, go, bounce and stop: kafka-on-zookeeper 3.4, 3.6.
#include "absl/strings/numbers.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

// Kafka reads every registration, for endpoints and for the czxid that is the broker's epoch.
Async<std::map<int32_t, int64_t>> Controller::ListBrokers() {
  const auto ids = co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath));
  struct Wave {
    static Async<> Read(Controller* self, std::string path, int32_t id,
                        std::map<int32_t, int64_t>* live) {
      const auto node = co_await self->session_->GetData(path);
      if (!node.ok() || !node.value.data.has_value()) co_return;
      (*live)[id] = node.value.stat.czxid;
      const auto broker = kafka::DecodeBroker(*node.value.data);
      self->context_.racks[id] = broker.ok() ? broker->rack : std::nullopt;
    }
  };
  std::map<int32_t, int64_t> live;
  std::vector<Async<>> reads;
  for (const std::string& name : ids.value.children) {
    int32_t id = 0;
    if (!absl::SimpleAtoi(name, &id)) continue;
    reads.push_back(Wave::Read(this, model::ChildPath(kafka::kBrokerIdsPath, name), id, &live));
  }
  co_await RunAll(std::move(reads));
  co_return live;
}

Async<> Controller::OnBrokersChanged() {
  if (!active_) co_return;
  const std::map<int32_t, int64_t> now = co_await ListBrokers();
  if (!active_) co_return;
  std::vector<int32_t> fresh, bounced, dead;
  for (const auto& [id, epoch] : now) {
    const auto known = context_.live.find(id);
    if (known == context_.live.end()) {
      fresh.push_back(id);
    } else if (epoch > known->second) {
      bounced.push_back(id);
    }
  }
  for (const auto& [id, epoch] : context_.live) {
    if (!now.contains(id)) dead.push_back(id);
  }
  const auto told = [this, &now](const char* name, const char* what, int32_t id) {
    const auto known = now.find(id);
    Tell({.name = name,
          .text = absl::StrCat("broker ", id, what),
          .numbers = {{"id", id}, {"broker_epoch", known == now.end() ? -1 : known->second}}});
  };
  for (const int32_t id : fresh) {
    context_.live[id] = now.at(id);
    channels_.Add(id);
    told("broker_joined", " joined", id);
  }
  if (!fresh.empty()) co_await OnBrokersStarted(fresh);
  for (const int32_t id : bounced) {
    context_.live.erase(id);
    context_.shutting_down.erase(id);
    channels_.Remove(id);
  }
  if (!bounced.empty()) co_await OnBrokersFailed(bounced);
  for (const int32_t id : bounced) {
    context_.live[id] = now.at(id);
    channels_.Add(id);
    told("broker_joined", " bounced", id);
  }
  if (!bounced.empty()) co_await OnBrokersStarted(bounced);
  for (const int32_t id : dead) {
    context_.live.erase(id);
    context_.shutting_down.erase(id);
    channels_.Remove(id);
    told("broker_dead", " is gone", id);
  }
  if (!dead.empty()) co_await OnBrokersFailed(dead);
}

Async<> Controller::OnBrokersStarted(std::vector<int32_t> ids) {
  std::set<int32_t> others = context_.LiveIds();
  for (const int32_t id : ids) others.erase(id);
  batch_.AddUpdateMetadata(others, {});
  std::vector<PartitionId> all;
  for (const auto& [id, partition] : context_.partitions) all.push_back(id);
  batch_.AddUpdateMetadata({ids.begin(), ids.end()}, all);
  std::vector<std::pair<PartitionId, int32_t>> replicas;
  for (const int32_t broker : ids) {
    session_->OnNode(kafka::BrokerPath(broker), [](auto) {});
    co_await session_->Exists(kafka::BrokerPath(broker));
    for (const PartitionId& id : context_.PartitionsOn(broker)) {
      if (!context_.deleting.contains(id.first)) replicas.emplace_back(id, broker);
    }
  }
  co_await ReplicasOnline(std::move(replicas));
  SendBatch();
  std::vector<PartitionId> fresh;
  for (const auto& [id, partition] : context_.partitions) {
    if (partition.phase == PartitionPhase::kNew) fresh.push_back(id);
  }
  if (!fresh.empty()) co_await CreateStates(std::move(fresh));
  const int64_t begun_us = clock_->NowUs();
  const int moved = co_await ElectLeaders(Leaderless(), ElectionRule::kOffline);
  SendBatch();
  if (moved > 0) {
    const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
    Tell({.name = "leaders_moved",
          .text = absl::StrCat(moved, " leaders moved in ", took_ms, " ms (broker joined)"),
          .numbers = {{"moved", moved}, {"offline", 0}, {"took_ms", took_ms}}});
  }
  co_await ResumeReassignments();
  for (const int32_t broker : ids) {
    for (const PartitionId& id : context_.PartitionsOn(broker)) {
      if (context_.deleting.contains(id.first)) context_.deletion_ineligible.erase(id.first);
    }
  }
  co_await ResumeDeletions();
}

Async<> Controller::OnBrokersFailed(std::vector<int32_t> ids) {
  const int64_t begun_us = clock_->NowUs();
  std::vector<std::pair<PartitionId, int32_t>> replicas;
  for (auto& [id, partition] : context_.partitions) {
    if (partition.version >= 0 &&
        std::find(ids.begin(), ids.end(), partition.state.leader) != ids.end()) {
      partition.phase = PartitionPhase::kOffline;
    }
    for (const int32_t broker : ids) {
      if (!Contains(partition.replicas, broker)) continue;
      if (context_.deleting.contains(id.first)) {
        partition.replica_phases[broker] = ReplicaPhase::kDeletionIneligible;
        context_.deletion_ineligible.insert(id.first);
      } else {
        replicas.emplace_back(id, broker);
      }
    }
  }
  std::vector<PartitionId> leaderless = Leaderless();
  const auto lost = static_cast<int64_t>(leaderless.size());
  const int moved = co_await ElectLeaders(std::move(leaderless), ElectionRule::kOffline);
  co_await ReplicasOffline(std::move(replicas));
  batch_.AddUpdateMetadata(context_.LiveIds(), {});
  SendBatch();
  if (!active_ || lost == 0) co_return;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  Tell({.name = "leaders_moved",
        .text = absl::StrCat(
            moved, " leaders moved in ", took_ms, " ms (broker gone)",
            lost > moved ? absl::StrCat(", ", lost - moved, " partitions offline") : ""),
        .numbers = {{"moved", moved}, {"offline", lost - moved}, {"took_ms", took_ms}}});
}

void Controller::Take(ControlledShutdownRequest request, Reply<ControlledShutdownResponse> reply) {
  auto held = std::make_shared<Reply<ControlledShutdownResponse>>(std::move(reply));
  Push([this, request, held] { return ShutDown(request, held.get()); });
}

// Its leaders go elsewhere, its replicas leave the in-sync replicas: kafka-on-zookeeper 3.6.
Async<> Controller::ShutDown(ControlledShutdownRequest request,
                             Reply<ControlledShutdownResponse>* reply) {
  ControlledShutdownResponse response;
  const auto known = context_.live.find(request.broker);
  if (!active_) {
    response.error = Error::kNotController;
  } else if (known == context_.live.end() || request.broker_epoch < known->second) {
    response.error = Error::kStaleBrokerEpoch;
  }
  if (response.error != Error::kNone) {
    (*reply)(response);
    co_return;
  }
  context_.shutting_down.insert(request.broker);
  std::vector<PartitionId> led;
  std::vector<std::pair<PartitionId, int32_t>> followed;
  for (const PartitionId& id : context_.PartitionsOn(request.broker)) {
    const Partition& partition = PartitionOf(id);
    if (partition.replicas.size() < 2 || context_.deleting.contains(id.first)) continue;
    if (partition.state.leader == request.broker) {
      led.push_back(id);
    } else {
      followed.emplace_back(id, request.broker);
    }
  }
  const int moved = co_await ElectLeaders(led, ElectionRule::kControlledShutdown);
  for (const auto& [id, broker] : followed) batch_.AddStopReplica(broker, id, false);
  SendBatch();
  co_await ReplicasOffline(std::move(followed));
  SendBatch();
  for (const PartitionId& id : led) {
    const auto partition = context_.partitions.find(id);
    if (partition != context_.partitions.end() &&
        partition->second.state.leader == request.broker) {
      ++response.remaining;
    }
  }
  if (moved > 0) {
    Tell({.name = "leaders_moved",
          .text = absl::StrCat(moved, " leaders moved (broker ", request.broker, " stops)"),
          .numbers = {{"moved", moved}, {"offline", 0}, {"took_ms", 0}}});
  }
  (*reply)(response);
}

}  // namespace rookery::broker_sim
