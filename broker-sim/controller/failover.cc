#include "absl/strings/numbers.h"
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::broker_sim {

using model::ErrorCode;

Async<bool> Controller::Failover() {
  const int64_t begun_us = clock_->NowUs();
  const auto feature = co_await session_->Exists(std::string(kafka::kFeaturePath));
  if (feature.error == ErrorCode::kNoNode) {
    model::Data features = kafka::EncodeEmptyFeatures();
    co_await CreateFenced(std::string(kafka::kFeaturePath), std::move(features));
  }
  co_await ClearNotifications(std::string(kafka::kLogDirEventsPath));
  co_await ClearNotifications(std::string(kafka::kIsrChangesPath));
  live_.clear();
  topics_.clear();
  partitions_.clear();
  co_await ReadBrokers();

  client::Watch watch = [wake = wakes_.topics_changed](const client::WatchEvent&) { wake(); };
  const auto topics =
      co_await session_->GetChildren(std::string(kafka::kTopicsPath), std::move(watch));
  std::vector<Async<>> reads;
  reads.reserve(topics.value.children.size());
  for (const std::string& topic : topics.value.children) reads.push_back(ReadTopic(topic));
  co_await RunAll(std::move(reads));
  std::vector<Async<>> states;
  states.reserve(partitions_.size());
  for (const auto& [id, partition] : partitions_) states.push_back(ReadState(id));
  co_await RunAll(std::move(states));
  if (!active_) co_return false;

  co_await Repair("failover");
  for (const std::string& topic : topics.value.children) co_await BringOnline(topic);
  co_await OnDeletionsChanged();
  if (!active_) co_return false;
  const int64_t took_ms = (clock_->NowUs() - begun_us) / 1000;
  timeline_->Tell({.name = "controller_ready",
                   .broker = broker_,
                   .text = absl::StrCat("controller ", broker_, " has taken over: ", live_.size(),
                                        " brokers, ", topics_.size(), " topics, ",
                                        partitions_.size(), " partitions, in ", took_ms, " ms"),
                   .numbers = {{"brokers", static_cast<int64_t>(live_.size())},
                               {"topics", static_cast<int64_t>(topics_.size())},
                               {"partitions", static_cast<int64_t>(partitions_.size())},
                               {"took_ms", took_ms}}});
  co_return true;
}

Async<> Controller::ClearNotifications(std::string root) {
  const auto names = co_await session_->GetChildren(root);
  if (!names.ok()) co_return;
  for (const std::string& name : names.value.children) {
    co_await DeleteFenced(model::ChildPath(root, name));
  }
}

Async<> Controller::ReadBrokers() {
  client::Watch watch = [wake = wakes_.brokers_changed](const client::WatchEvent&) { wake(); };
  const auto ids =
      co_await session_->GetChildren(std::string(kafka::kBrokerIdsPath), std::move(watch));
  if (!ids.ok()) co_return;
  std::map<int32_t, int64_t> live;
  for (const std::string& name : ids.value.children) {
    const auto node = co_await session_->GetData(model::ChildPath(kafka::kBrokerIdsPath, name));
    int32_t id = 0;
    // Null data: between the two halves of no registration, so never seen; skipped all the same.
    if (!node.ok() || !node.value.data.has_value() || !absl::SimpleAtoi(name, &id)) continue;
    live[id] = node.value.stat.czxid;
  }
  live_ = std::move(live);
}

Async<> Controller::ReadTopic(std::string topic) {
  client::Watch watch = [wake = wakes_.topic_changed, topic](const client::WatchEvent& event) {
    if (event.kind == client::WatchEvent::Kind::kDataChanged) wake(topic);
  };
  const auto node = co_await session_->GetData(kafka::TopicPath(topic), std::move(watch));
  if (!node.ok() || !node.value.data.has_value()) co_return;
  auto assignment = kafka::DecodeTopic(*node.value.data);
  if (!assignment.ok()) {
    timeline_->Tell({.name = "error",
                     .broker = broker_,
                     .text = absl::StrCat("topic ", topic, ": ", assignment.status().message())});
    co_return;
  }
  for (const auto& [partition, replicas] : assignment->partitions) {
    partitions_[{topic, partition}].replicas = replicas;
  }
  topics_[topic] = *std::move(assignment);
}

Async<> Controller::ReadState(PartitionId id) {
  const auto node = co_await session_->GetData(kafka::PartitionStatePath(id.first, id.second));
  if (!node.ok() || !node.value.data.has_value()) co_return;
  const auto state = kafka::DecodePartitionState(*node.value.data);
  if (!state.ok()) co_return;
  Partition& partition = partitions_[id];
  partition.state = *state;
  partition.version = node.value.stat.version;
}

}  // namespace rookery::broker_sim
