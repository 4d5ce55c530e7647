// Topics that are created and grow: kafka-on-zookeeper 3.5, 3.8.
#include "broker-sim/controller/controller.h"
#include "coordinator/kafka/paths.h"

namespace rookery::broker_sim {

Async<> Controller::OnTopicsChanged() {
  if (!active_) co_return;
  const auto names = co_await session_->GetChildren(std::string(kafka::kTopicsPath));
  if (!names.ok()) co_return;
  const auto& all = names.value.children;
  std::vector<std::string> fresh;
  for (const std::string& topic : all) {
    if (!context_.topics.contains(topic)) fresh.push_back(topic);
  }
  std::erase_if(context_.topics, [&](const auto& entry) {
    return std::find(all.begin(), all.end(), entry.first) == all.end();
  });
  std::erase_if(context_.partitions, [&](const auto& entry) {
    return !context_.topics.contains(entry.first.first) &&
           std::find(all.begin(), all.end(), entry.first.first) == all.end();
  });
  if (fresh.empty()) co_return;
  co_await ReadTopics(fresh);
  std::vector<PartitionId> partitions;
  for (const std::string& topic : fresh) {
    co_await EnsureTopicId(topic);
    for (const PartitionId& id : context_.PartitionsOf(topic)) partitions.push_back(id);
  }
  if (active_) co_await StartNewPartitions(std::move(partitions));
}

Async<> Controller::StartNewPartitions(std::vector<PartitionId> ids) {
  for (const PartitionId& id : ids) {
    Partition& partition = PartitionOf(id);
    partition.phase = PartitionPhase::kNew;
    for (const int32_t replica : partition.replicas) {
      partition.replica_phases[replica] = ReplicaPhase::kNew;
    }
  }
  co_await BringOnline(ids);
  for (const PartitionId& id : ids) {
    const auto known = context_.partitions.find(id);
    if (known == context_.partitions.end()) continue;
    for (auto& [replica, phase] : known->second.replica_phases) phase = ReplicaPhase::kOnline;
  }
  SendBatch();
}

// More partitions, or a reassignment that this controller has written itself.
Async<> Controller::OnTopicChanged(std::string topic) {
  if (!active_ || !context_.topics.contains(topic)) co_return;
  const kafka::TopicAssignment before = context_.topics[topic];
  const auto node = co_await session_->GetData(kafka::TopicPath(topic));
  const auto assignment = kafka::DecodeTopic(node.value.data.value_or(""));
  if (!active_ || !node.ok() || !assignment.ok()) co_return;
  std::vector<PartitionId> fresh;
  for (const auto& [number, replicas] : assignment->partitions) {
    if (!context_.partitions.contains({topic, number})) fresh.emplace_back(topic, number);
  }
  if (fresh.empty()) co_return;
  if (context_.deleting.contains(topic)) {  // it will be gone: Kafka writes the old one back
    model::Data old = kafka::EncodeTopic(before);
    co_await SetFenced(kafka::TopicPath(topic), std::move(old), -1);
    co_return;
  }
  context_.topics[topic] = *assignment;
  for (const PartitionId& id : fresh) {
    context_.partitions[id].replicas = assignment->partitions.at(id.second);
  }
  co_await StartNewPartitions(std::move(fresh));
}

// A topic of before 2.8 gets an id.
Async<> Controller::EnsureTopicId(std::string topic) {
  const auto known = context_.topics.find(topic);
  if (!active_ || known == context_.topics.end() || !known->second.topic_id.empty()) co_return;
  kafka::TopicAssignment assignment = known->second;
  const uint64_t high = random_.Next();
  assignment.topic_id = kafka::EncodeUuid(high, random_.Next());
  model::Data data = kafka::EncodeTopic(assignment);
  const auto written = co_await SetFenced(kafka::TopicPath(topic), std::move(data), -1);
  if (written.ok()) context_.topics[topic] = std::move(assignment);
}

}  // namespace rookery::broker_sim
