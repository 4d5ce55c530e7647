#include "broker-sim/view/event_observer.h"

#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/client/metadata/metadata_values.h"

namespace rookery::broker_sim {
namespace {

using client::NameOf;
using client::StateOf;

constexpr int kMessagesOnTheWayMax = 16;

// "Topic:orders", as Kafka's notifications name it.
std::string ResourceName(const v1::AclResource& resource) {
  std::string type(
      absl::StripPrefix(v1::AclResourceType_Name(resource.type()), "ACL_RESOURCE_TYPE_"));
  absl::AsciiStrToLower(&type);
  if (!type.empty()) type[0] = absl::ascii_toupper(static_cast<unsigned char>(type[0]));
  return absl::StrCat(
      type, ":", resource.name(),
      resource.pattern_type() == v1::ACL_PATTERN_TYPE_PREFIXED ? " (prefixed)" : "");
}

// As it stands in configurations: a whole number without a point.
std::string LimitText(double limit) {
  constexpr double kExact = 9e15;
  if (std::abs(limit) < kExact && limit == std::floor(limit)) {
    return absl::StrCat(static_cast<int64_t>(limit));
  }
  return absl::StrCat(limit);
}

}  // namespace

EventObserver::EventObserver(Executor* executor, client::FollowOptions options,
                             ViewListener* listener,
                             std::function<void(const absl::Status&)> on_failure)
    : executor_(executor),
      listener_(listener),
      on_failure_(std::move(on_failure)),
      follower_(std::move(options)) {}

EventObserver::~EventObserver() {
  *alive_ = false;
  End();
}

void EventObserver::Start() {
  thread_ = std::thread([this] { Read(); });
}

void EventObserver::Read() {
  const absl::Status ended = follower_.Run([this](const v1::WatchMetadataResponse& message) {
    {
      // A large view comes faster than it is taken in.
      std::unique_lock lock(way_->mutex);
      way_->changed.wait(lock,
                         [this] { return way_->messages < kMessagesOnTheWayMax || way_->ended; });
      if (way_->ended) return false;
      ++way_->messages;
    }
    executor_->Post([this, alive = alive_, way = way_, message] {
      if (*alive) Take(message);
      const std::lock_guard lock(way->mutex);
      --way->messages;
      way->changed.notify_all();
    });
    return true;
  });
  if (ended.ok()) return;
  executor_->Post([this, alive = alive_, ended] {
    if (*alive) on_failure_(ended);
  });
}

void EventObserver::End() {
  {
    const std::lock_guard lock(way_->mutex);
    way_->ended = true;
    way_->changed.notify_all();
  }
  follower_.Stop();
  if (thread_.joinable()) thread_.join();
}

void EventObserver::Stop(absl::AnyInvocable<void()> done) {
  End();
  executor_->Post(std::move(done));
}

void EventObserver::Take(const v1::WatchMetadataResponse& message) {
  if (message.has_view_begin()) {
    coming_ = State();
  } else if (message.has_view_part()) {
    AddPart(message.view_part());
  } else if (message.has_view_complete()) {
    Replace();
  }
  for (const v1::MetadataChange& change : message.changes().changes()) {
    for (const v1::MetadataEvent& event : change.events()) Apply(event, change.zxid());
  }
}

// --- views

void EventObserver::AddPart(const v1::ClusterPart& part) {
  ClusterView& cluster = coming_.cluster;
  for (const v1::Broker& broker : part.brokers()) cluster.brokers[broker.id()] = broker.epoch();
  if (part.controller().has_broker_id()) cluster.controller = part.controller().broker_id();
  if (part.controller().has_epoch()) cluster.controller_epoch = part.controller().epoch();
  for (const v1::Topic& topic : part.topics()) {
    auto& partitions = cluster.topics[topic.name()];
    for (const v1::Partition& one : topic.partitions()) {
      PartitionView& partition = partitions[one.partition()];
      partition.replicas = {one.replicas().begin(), one.replicas().end()};
      if (one.has_state()) partition.state = StateOf(one.state());
    }
    if (topic.configs().empty()) continue;
    coming_.configs[absl::StrCat("topics/", topic.name())] = {topic.configs().begin(),
                                                              topic.configs().end()};
  }
  for (const v1::EntityConfig& config : part.configs()) {
    coming_.configs[NameOf(config.entity())] = {config.configs().begin(), config.configs().end()};
  }
  for (const v1::UnreadableNode& node : part.unreadable()) {
    listener_->OnUnreadable(node.path(), absl::InvalidArgumentError(node.reason()));
  }
}

// Tells what is another than before; of configurations only if there was a view before.
void EventObserver::Replace() {
  const State before = std::exchange(now_, std::exchange(coming_, {}));
  const ClusterView& then = before.cluster;
  const ClusterView& now = now_.cluster;
  const auto same_broker = [](const ClusterView& in, int32_t id, int64_t epoch) {
    const auto found = in.brokers.find(id);
    return found != in.brokers.end() && found->second == epoch;
  };
  for (const auto& [id, epoch] : then.brokers) {
    if (!same_broker(now, id, epoch)) listener_->OnBroker(id, false);
  }
  for (const auto& [id, epoch] : now.brokers) {
    if (!same_broker(then, id, epoch)) listener_->OnBroker(id, true);
  }
  if (now.controller_epoch != then.controller_epoch) {
    listener_->OnControllerEpoch(now.controller_epoch, 0);
  }
  if (now.controller != then.controller) listener_->OnController(now.controller);
  for (const auto& [topic, partitions] : then.topics) {
    if (!now.topics.contains(topic)) listener_->OnTopic(topic, false);
  }
  for (const auto& [topic, partitions] : now.topics) {
    const auto known = then.topics.find(topic);
    if (known == then.topics.end()) listener_->OnTopic(topic, true);
    for (const auto& [number, partition] : partitions) {
      std::optional<kafka::PartitionState> state;
      if (known != then.topics.end() && known->second.contains(number)) {
        state = known->second.at(number).state;
      }
      if (!partition.state.has_value() || partition.state == state) continue;
      listener_->OnState(topic, number, state, *partition.state, 0);
    }
  }
  if (!std::exchange(has_view_, true)) return;
  for (const auto& [entity, config] : now_.configs) {
    const auto known = before.configs.find(entity);
    if (known == before.configs.end() || known->second != config) {
      listener_->OnConfig(entity, config);
    }
  }
  for (const auto& [entity, config] : before.configs) {
    if (!now_.configs.contains(entity)) listener_->OnConfig(entity, {});
  }
}

// --- events

void EventObserver::SetController(const v1::Controller& controller, int64_t zxid) {
  ClusterView& cluster = now_.cluster;
  if (controller.has_epoch() && controller.epoch() != cluster.controller_epoch) {
    cluster.controller_epoch = controller.epoch();
    listener_->OnControllerEpoch(controller.epoch(), zxid);
  }
  std::optional<int32_t> id;
  if (controller.has_broker_id()) id = controller.broker_id();
  if (cluster.controller == id) return;
  cluster.controller = id;
  listener_->OnController(id);
}

void EventObserver::SetState(const std::string& topic, int32_t partition,
                             const v1::PartitionState& state, int64_t zxid) {
  auto& slot = now_.cluster.topics[topic][partition].state;
  const auto before = std::exchange(slot, StateOf(state));
  if (before != slot) listener_->OnState(topic, partition, before, *slot, zxid);
}

void EventObserver::SetPartition(const std::string& topic, const v1::Partition& partition,
                                 int64_t zxid) {
  now_.cluster.topics[topic][partition.partition()].replicas = {partition.replicas().begin(),
                                                                partition.replicas().end()};
  if (partition.has_state()) SetState(topic, partition.partition(), partition.state(), zxid);
}

void EventObserver::Apply(const v1::MetadataEvent& event, int64_t zxid) {
  ClusterView& cluster = now_.cluster;
  // Sets and removes keys of a configuration; `text` writes a value.
  const auto change_config = [this](const auto& changed, const auto& text) {
    const std::string entity = NameOf(changed.entity());
    kafka::ConfigMap& config = now_.configs[entity];
    for (const auto& [key, value] : changed.set()) config[key] = text(value);
    for (const std::string& key : changed.removed()) config.erase(key);
    const kafka::ConfigMap told = config;
    if (told.empty()) now_.configs.erase(entity);
    listener_->OnConfig(entity, told);
  };
  switch (event.kind_case()) {
    case v1::MetadataEvent::kBrokerJoined:
      cluster.brokers[event.broker_joined().broker().id()] = event.broker_joined().broker().epoch();
      return listener_->OnBroker(event.broker_joined().broker().id(), true);
    case v1::MetadataEvent::kBrokerChanged:
      cluster.brokers[event.broker_changed().broker().id()] =
          event.broker_changed().broker().epoch();
      return;
    case v1::MetadataEvent::kBrokerLost:
      cluster.brokers.erase(event.broker_lost().id());
      return listener_->OnBroker(event.broker_lost().id(), false);
    case v1::MetadataEvent::kControllerChanged:
      return SetController(event.controller_changed().controller(), zxid);
    case v1::MetadataEvent::kTopicCreated: {
      const v1::Topic& topic = event.topic_created().topic();
      cluster.topics[topic.name()];
      listener_->OnTopic(topic.name(), true);
      for (const v1::Partition& one : topic.partitions()) SetPartition(topic.name(), one, zxid);
      return;
    }
    case v1::MetadataEvent::kTopicDeleted:
      cluster.topics.erase(event.topic_deleted().name());
      return listener_->OnTopic(event.topic_deleted().name(), false);
    case v1::MetadataEvent::kPartitionsAdded:
      for (const v1::Partition& one : event.partitions_added().partitions()) {
        SetPartition(event.partitions_added().topic(), one, zxid);
      }
      return;
    case v1::MetadataEvent::kLeaderChanged:
      return SetState(event.leader_changed().topic(), event.leader_changed().partition(),
                      event.leader_changed().state(), zxid);
    case v1::MetadataEvent::kIsrChanged:
      return SetState(event.isr_changed().topic(), event.isr_changed().partition(),
                      event.isr_changed().state(), zxid);
    case v1::MetadataEvent::kReassignmentStarted:
      return SetPartition(event.reassignment_started().topic(),
                          event.reassignment_started().partition(), zxid);
    case v1::MetadataEvent::kReassignmentEnded:
      return SetPartition(event.reassignment_ended().topic(),
                          event.reassignment_ended().partition(), zxid);
    case v1::MetadataEvent::kReplicasChanged:
      return SetPartition(event.replicas_changed().topic(), event.replicas_changed().partition(),
                          zxid);
    case v1::MetadataEvent::kConfigChanged:
      return change_config(event.config_changed(), [](const std::string& value) { return value; });
    case v1::MetadataEvent::kQuotaChanged:
      return change_config(event.quota_changed(), LimitText);
    case v1::MetadataEvent::kAclChanged:
      return listener_->OnAcl(ResourceName(event.acl_changed().resource()));
    case v1::MetadataEvent::kNodeUnreadable:
      return listener_->OnUnreadable(event.node_unreadable().path(),
                                     absl::InvalidArgumentError(event.node_unreadable().reason()));
    case v1::MetadataEvent::kTopicDeletionRequested:
    case v1::MetadataEvent::KIND_NOT_SET:
      return;
  }
}

}  // namespace rookery::broker_sim
