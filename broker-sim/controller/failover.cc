// A new controller reads the cluster and mends it, in Kafka's order: kafka-on-zookeeper 3.3.
#include "absl/strings/numbers.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<> Controller::Failover() {
  const int64_t begun_us = clock_->NowUs();
  const std::string preferred(kafka::kPreferredElectionPath);
  const std::string reassign(kafka::kReassignPath);
  context_ = {};
  co_await EnsureFeatures();
  session_->OnChildren(std::string(kafka::kBrokerIdsPath),
                       [this](auto) { Push([this] { return OnBrokersChanged(); }); });
  session_->OnChildren(std::string(kafka::kTopicsPath),
                       [this](auto) { Push([this] { return OnTopicsChanged(); }); });
  session_->OnChildren(std::string(kafka::kDeleteTopicsPath),
                       [this](auto) { Push([this] { return OnDeletionsChanged(); }); });
  session_->OnChildren(std::string(kafka::kLogDirEventsPath), [](auto) {});
  session_->OnChildren(std::string(kafka::kIsrChangesPath), [](auto) {});
  session_->OnNode(preferred, [this](auto) { Push([this] { return TakeLegacyPreferred(); }); });
  session_->OnNode(reassign, [this](auto) { Push([this] { return TakeLegacyReassignment(); }); });
  co_await session_->Exists(preferred);
  co_await session_->Exists(reassign);
  co_await ClearNotifications(std::string(kafka::kLogDirEventsPath));
  co_await ClearNotifications(std::string(kafka::kIsrChangesPath));
  context_.live = co_await ListBrokers();
  const auto topics = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  std::vector<std::string> names = topics.value.children;
  co_await ReadTopics(std::move(names));
  for (const std::string& topic : topics.value.children) co_await EnsureTopicId(topic);
  for (const auto& [id, epoch] : std::map<int32_t, int64_t>(context_.live)) {
    session_->OnNode(kafka::BrokerPath(id), [](auto) {});
    co_await session_->Exists(kafka::BrokerPath(id));
  }
  std::vector<PartitionId> ids;
  for (const auto& [id, partition] : context_.partitions) ids.push_back(id);
  co_await ReadStates(ids);
  if (!active_) co_return;

  for (const auto& [id, epoch] : context_.live) channels_.Add(id);
  const auto deletions = co_await session_->GetChildren(std::string(kafka::kDeleteTopicsPath));
  context_.deleting.insert(deletions.value.children.begin(), deletions.value.children.end());
  batch_.AddUpdateMetadata(context_.LiveIds(), {});
  SendBatch();
  std::vector<std::pair<PartitionId, int32_t>> online, offline;
  for (auto& [id, partition] : context_.partitions) {
    for (const int32_t replica : partition.replicas) {
      auto& side = context_.IsOnline(replica) ? online : offline;
      partition.replica_phases[replica] =
          context_.IsOnline(replica) ? ReplicaPhase::kOnline : ReplicaPhase::kOffline;
      if (partition.version >= 0) side.emplace_back(id, replica);
    }
    partition.phase = partition.version < 0                       ? PartitionPhase::kNew
                      : context_.IsOnline(partition.state.leader) ? PartitionPhase::kOnline
                                                                  : PartitionPhase::kOffline;
  }
  co_await ReplicasOnline(std::move(online));
  co_await ReplicasOffline(std::move(offline));
  for (auto& [id, partition] : context_.partitions) {
    if (partition.version >= 0 && !context_.IsOnline(partition.state.leader)) {
      partition.phase = PartitionPhase::kOffline;
    }
  }
  const int64_t elect_begun_us = clock_->NowUs();
  std::vector<PartitionId> fresh;
  for (const auto& [id, partition] : context_.partitions) {
    if (partition.phase == PartitionPhase::kNew) fresh.push_back(id);
  }
  co_await BringOnline(std::move(fresh));
  std::vector<PartitionId> leaderless = Leaderless();
  const auto lost = static_cast<int64_t>(leaderless.size());
  const int moved = co_await ElectLeaders(std::move(leaderless), ElectionRule::kOffline);
  SendBatch();
  if (!active_) co_return;
  if (lost > 0) {
    const int64_t took_ms = (clock_->NowUs() - elect_begun_us) / 1000;
    Tell({.name = "leaders_moved",
          .text = absl::StrCat(
              moved, " leaders moved in ", took_ms, " ms (failover)",
              lost > moved ? absl::StrCat(", ", lost - moved, " partitions offline") : ""),
          .numbers = {{"moved", moved}, {"offline", lost - moved}, {"took_ms", took_ms}}});
  }
  co_await TakeLegacyReassignment();
  co_await ResumeReassignments();
  co_await ResumeDeletions();
  co_await TakeLegacyPreferred();
  if (!active_) co_return;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  const auto brokers = static_cast<int64_t>(context_.live.size());
  const auto topic_count = static_cast<int64_t>(context_.topics.size());
  const auto partitions = static_cast<int64_t>(context_.partitions.size());
  Tell({.name = "controller_ready",
        .text =
            absl::StrCat("controller ", options_.broker, " has taken over: ", brokers, " brokers, ",
                         topic_count, " topics, ", partitions, " partitions, in ", took_ms, " ms"),
        .numbers = {{"brokers", brokers},
                    {"topics", topic_count},
                    {"partitions", partitions},
                    {"took_ms", took_ms}}});
  if (options_.rebalances) scope_.Spawn(Rebalance(epoch_));
}

// Every broker reads /feature when it is created; the controller waits until it has.
Async<> Controller::EnsureFeatures() {
  const std::string path(kafka::kFeaturePath);
  const auto node = co_await session_->GetData(path);
  if (node.error != ErrorCode::kNoNode) co_return;
  model::Data features = kafka::EncodeEmptyFeatures();
  co_await session_->Create(path, std::move(features));
  co_await session_->GetData(path);
}

Async<> Controller::ClearNotifications(std::string root) {
  const auto names = co_await session_->GetChildren(root);
  if (!names.ok()) co_return;
  for (const std::string& name : names.value.children) {
    co_await DeleteFenced(model::ChildPath(root, name));
  }
}

Async<> Controller::ReadTopics(std::vector<std::string> topics) {
  std::vector<Async<>> reads;
  reads.reserve(topics.size());
  for (const std::string& topic : topics) reads.push_back(ReadTopic(topic));
  co_await RunAll(std::move(reads));
}

Async<> Controller::ReadTopic(std::string topic) {
  const std::string path = kafka::TopicPath(topic);
  session_->OnNode(path, [this, topic](client::WatchEvent::Kind kind) {
    if (kind != client::WatchEvent::Kind::kDataChanged) return;
    Push([this, topic] { return OnTopicChanged(topic); });
  });
  const auto node = co_await session_->GetData(path);
  if (!node.ok() || !node.value.data.has_value()) co_return;
  const auto assignment = kafka::DecodeTopic(*node.value.data);
  if (!assignment.ok()) {
    Tell({.name = "error",
          .text = absl::StrCat("topic ", topic, ": ", assignment.status().message())});
    co_return;
  }
  context_.topics[topic] = *assignment;
  AddPartitions(topic, *assignment);
}

void Controller::AddPartitions(const std::string& topic, const kafka::TopicAssignment& assignment) {
  const auto of = [](const std::map<int32_t, kafka::Replicas>& map, int32_t partition) {
    const auto found = map.find(partition);
    return found == map.end() ? kafka::Replicas() : found->second;
  };
  for (const auto& [number, replicas] : assignment.partitions) {
    Partition& partition = context_.partitions[{topic, number}];
    partition.replicas = replicas;
    partition.adding = of(assignment.adding, number);
    partition.removing = of(assignment.removing, number);
  }
}

Async<> Controller::ReadStates(std::vector<PartitionId> ids) {
  std::vector<Async<>> reads;
  reads.reserve(ids.size());
  for (const PartitionId& id : ids) reads.push_back(ReadState(id));
  co_await RunAll(std::move(reads));
}

Async<> Controller::ReadState(PartitionId id) {
  const auto node = co_await session_->GetData(kafka::PartitionStatePath(id.first, id.second));
  const auto known = context_.partitions.find(id);
  if (known == context_.partitions.end() || !node.ok() || !node.value.data.has_value()) co_return;
  const auto state = kafka::DecodePartitionState(*node.value.data);
  if (!state.ok()) {
    Tell({.name = "error", .text = std::string(state.status().message())});
    co_return;
  }
  known->second.state = *state;
  known->second.version = node.value.stat.version;
}

}  // namespace rookery::broker_sim
