// Topics that are created, grown and deleted: kafka-on-zookeeper 3.5, 3.8 and 3.9.
#include <algorithm>

#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

Async<> Controller::OnTopicsChanged() {
  if (!active_) co_return;
  const auto names = co_await session_->GetChildren(
      std::string(kafka::kTopicsPath),
      [wake = wakes_.topics_changed](const client::WatchEvent&) { wake(); });
  if (!names.ok()) co_return;
  std::vector<std::string> fresh;
  for (const std::string& topic : names.value.children) {
    if (!topics_.contains(topic)) fresh.push_back(topic);
  }
  for (auto topic = topics_.begin(); topic != topics_.end();) {
    const auto& all = names.value.children;
    if (std::find(all.begin(), all.end(), topic->first) != all.end()) {
      ++topic;
      continue;
    }
    std::erase_if(partitions_,
                  [&](const auto& entry) { return entry.first.first == topic->first; });
    topic = topics_.erase(topic);
  }
  for (const std::string& topic : fresh) {
    co_await ReadTopic(topic);
    co_await BringOnline(topic);
  }
}

Async<> Controller::OnTopicChanged(std::string topic) {
  if (!active_) co_return;
  co_await ReadTopic(topic);
  co_await BringOnline(topic);
}

Async<> Controller::BringOnline(std::string topic) {
  if (!active_ || !topics_.contains(topic)) co_return;
  std::vector<PartitionId> fresh;
  for (const auto& [partition, replicas] : topics_[topic].partitions) {
    if (partitions_[{topic, partition}].version < 0) fresh.emplace_back(topic, partition);
  }
  if (fresh.empty()) co_return;
  const int64_t begun_us = clock_->NowUs();
  co_await CreateFenced(kafka::TopicPartitionsPath(topic), std::nullopt);
  std::vector<Async<>> creations;
  creations.reserve(fresh.size());
  for (const PartitionId& id : fresh) creations.push_back(CreatePartition(id));
  co_await RunAll(std::move(creations));
  if (!active_) co_return;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  timeline_->Tell(
      {.name = "topic_online",
       .broker = broker_,
       .text = absl::StrCat("topic ", topic, ": ", fresh.size(), " partitions led after ", took_ms,
                            " ms"),
       .numbers = {{"partitions", static_cast<int64_t>(fresh.size())}, {"took_ms", took_ms}},
       .words = {{"topic", topic}}});
}

// New -> Online: the leader is the first live replica, the ISR all live ones (3.5).
Async<> Controller::CreatePartition(PartitionId id) {
  Partition& known = partitions_[id];
  kafka::PartitionState state = {.controller_epoch = epoch_};
  std::copy_if(known.replicas.begin(), known.replicas.end(), std::back_inserter(state.isr),
               [this](int32_t replica) { return IsLive(replica); });
  if (state.isr.empty()) co_return;  // it stays new until one of its brokers lives
  state.leader = state.isr.front();
  co_await CreateFenced(kafka::PartitionPath(id.first, id.second), std::nullopt);
  model::CreateRequest create;
  create.path = kafka::PartitionStatePath(id.first, id.second);
  create.data = kafka::EncodePartitionState(state);
  create.acl = *model::OpenAcl();
  const auto created = co_await Fenced(std::move(create));
  if (!created.ok()) {
    if (created.error == model::ErrorCode::kNodeExists) co_await ReadState(id);
    co_return;
  }
  Partition& partition = partitions_[id];
  partition.state = std::move(state);
  partition.version = 0;
}

Async<> Controller::OnDeletionsChanged() {
  if (!active_) co_return;
  const auto names = co_await session_->GetChildren(
      std::string(kafka::kDeleteTopicsPath),
      [wake = wakes_.deletions_changed](const client::WatchEvent&) { wake(); });
  if (!names.ok()) co_return;
  for (const std::string& topic : names.value.children) co_await DeleteTopic(topic);
}

Async<> Controller::DeleteTopic(std::string topic) {
  std::vector<int32_t> partitions;
  for (const auto& [id, partition] : partitions_) {
    if (id.first == topic) partitions.push_back(id.second);
  }
  for (const int32_t partition : partitions) {
    co_await DeleteFenced(kafka::PartitionStatePath(topic, partition));
    co_await DeleteFenced(kafka::PartitionPath(topic, partition));
  }
  co_await DeleteFenced(kafka::TopicPartitionsPath(topic));
  co_await DeleteFenced(kafka::TopicPath(topic));
  co_await DeleteFenced(kafka::TopicConfigPath(topic));
  co_await DeleteFenced(kafka::DeleteTopicPath(topic));
  if (!active_) co_return;
  topics_.erase(topic);
  std::erase_if(partitions_, [&](const auto& entry) { return entry.first.first == topic; });
  timeline_->Tell({.name = "topic_deleted",
                   .broker = broker_,
                   .text = absl::StrCat("topic ", topic, " deleted"),
                   .words = {{"topic", topic}}});
}

}  // namespace rookery::broker_sim
