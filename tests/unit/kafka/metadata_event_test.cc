#include "coordinator/kafka/metadata_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/kafka/paths.h"

namespace rookery::kafka {
namespace {

using model::NodeChange;
using model::NodeState;
using testing::ElementsAre;
using Type = ConfigEntity::Type;

NodeState Node(std::string data, int64_t czxid = 1, model::AclRef acl = model::OpenAcl()) {
  return {.data = std::move(data), .acl = std::move(acl), .czxid = czxid, .mzxid = czxid};
}
NodeChange Made(std::string path, std::string data, int64_t czxid = 9) {
  return {.path = std::move(path), .after = Node(std::move(data), czxid)};
}
NodeChange Gone(std::string path, std::string data, int64_t czxid = 1) {
  return {.path = std::move(path), .before = Node(std::move(data), czxid)};
}
NodeChange Set(std::string path, std::string before, std::string after) {
  return {
      .path = std::move(path), .before = Node(std::move(before)), .after = Node(std::move(after))};
}

std::vector<MetadataEvent> EventsAt(absl::string_view root,
                                    const std::vector<NodeChange>& changes) {
  return EventsOf(root, changes, [](const model::Acl&) { return true; });
}
std::vector<MetadataEvent> Events(const std::vector<NodeChange>& changes) {
  return EventsAt("/", changes);
}
// The one event of `changes`.
template <typename Event>
Event Only(const std::vector<NodeChange>& changes) {
  const std::vector<MetadataEvent> events = Events(changes);
  EXPECT_EQ(events.size(), 1u);
  if (events.size() != 1 || !std::holds_alternative<Event>(events[0])) {
    ADD_FAILURE() << "expected another event, found kind "
                  << (events.empty() ? 99 : events[0].index());
    return {};
  }
  return std::get<Event>(events[0]);
}

std::string Broker(int32_t port) {
  return EncodeBroker({.host = "h", .port = port, .endpoints = {"PLAINTEXT://h:1"}});
}
std::string State(int32_t leader, int32_t epoch, Replicas isr) {
  return EncodePartitionState({.leader = leader, .leader_epoch = epoch, .isr = std::move(isr)});
}

TEST(MetadataEventTest, BrokersComeAndGo) {
  const auto joined = Only<BrokerJoined>({Made("/brokers/ids/3", Broker(1), 77)});
  EXPECT_EQ(joined.broker, 3);
  EXPECT_EQ(joined.epoch, 77);
  EXPECT_EQ(joined.registration.port, 1);
  const auto lost = Only<BrokerLost>({Gone("/brokers/ids/3", Broker(1), 77)});
  EXPECT_EQ(lost.broker, 3);
  EXPECT_EQ(lost.epoch, 77);
  EXPECT_EQ(Only<BrokerChanged>({Set("/brokers/ids/3", Broker(1), Broker(2))}).registration.port,
            2);
  EXPECT_TRUE(Events({Set("/brokers/ids/3", Broker(1), Broker(1))}).empty());
}

TEST(MetadataEventTest, ARegistrationMadeAnewByOneRequestIsALossAndAJoin) {
  const auto events = Events(
      {{.path = "/brokers/ids/3", .before = Node(Broker(1), 5), .after = Node(Broker(1), 9)}});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<BrokerLost>(events[0]).epoch, 5);
  EXPECT_EQ(std::get<BrokerJoined>(events[1]).epoch, 9);
}

TEST(MetadataEventTest, AnElectionTellsItsEpoch) {
  const auto event = Only<ControllerChanged>(
      {Made("/controller", EncodeController({.broker = 2})), Set("/controller_epoch", "6", "7")});
  EXPECT_EQ(event.previous, std::nullopt);
  ASSERT_TRUE(event.controller.has_value());
  EXPECT_EQ(event.controller->broker, 2);
  EXPECT_EQ(event.epoch, 7);
  const auto gone = Only<ControllerChanged>({Gone("/controller", EncodeController({.broker = 2}))});
  EXPECT_EQ(gone.previous, 2);
  EXPECT_FALSE(gone.controller.has_value());
  EXPECT_EQ(gone.epoch, std::nullopt);
}

TEST(MetadataEventTest, TopicsComeGrowAndGo) {
  TopicAssignment topic{.partitions = {{0, {1, 2}}}, .topic_id = "idididididididididididi"};
  const std::string before = EncodeTopic(topic);
  const auto created = Only<TopicCreated>({Made("/brokers/topics/t", before)});
  EXPECT_EQ(created.topic, "t");
  EXPECT_EQ(created.assignment, topic);
  topic.partitions[1] = {2, 1};
  const auto added = Only<PartitionsAdded>({Set("/brokers/topics/t", before, EncodeTopic(topic))});
  EXPECT_THAT(added.partitions, ElementsAre(std::pair(1, Replicas{2, 1})));
  EXPECT_EQ(Only<TopicDeletionRequested>(
                {{.path = "/admin/delete_topics/t", .after = NodeState{.acl = model::OpenAcl()}}})
                .topic,
            "t");
  EXPECT_TRUE(
      Events({{.path = "/admin/delete_topics/t", .before = NodeState{.acl = model::OpenAcl()}}})
          .empty());
  EXPECT_EQ(Only<TopicDeleted>({Gone("/brokers/topics/t", before)}).topic_id, topic.topic_id);
}

TEST(MetadataEventTest, AReassignmentHasABeginningAndAnEnd) {
  TopicAssignment topic{.partitions = {{0, {1, 2}}}};
  const std::string rest = EncodeTopic(topic);
  topic.partitions[0] = {3, 1, 2};
  topic.adding[0] = {3};
  topic.removing[0] = {1};
  const std::string moving = EncodeTopic(topic);
  topic.partitions[0] = {3, 2};
  topic.adding.clear();
  topic.removing.clear();
  const std::string done = EncodeTopic(topic);
  const auto started = Only<ReassignmentStarted>({Set("/brokers/topics/t", rest, moving)});
  EXPECT_EQ(started.partition, 0);
  EXPECT_THAT(started.adding, ElementsAre(3));
  EXPECT_THAT(started.removing, ElementsAre(1));
  EXPECT_THAT(Only<ReassignmentEnded>({Set("/brokers/topics/t", moving, done)}).replicas,
              ElementsAre(3, 2));
  const auto changed = Only<ReplicasChanged>({Set("/brokers/topics/t", rest, done)});
  EXPECT_THAT(changed.previous, ElementsAre(1, 2));
  EXPECT_THAT(changed.replicas, ElementsAre(3, 2));
}

TEST(MetadataEventTest, LeadersAndReplicasInSync) {
  const std::string path = PartitionStatePath("t", 4);
  const auto first = Only<LeaderChanged>({Made(path, State(1, 0, {1, 2}))});
  EXPECT_EQ(first.previous, -1);
  EXPECT_EQ(first.partition, 4);
  EXPECT_EQ(first.state.leader, 1);
  const auto isr = Only<IsrChanged>({Set(path, State(1, 0, {1, 2}), State(1, 0, {1, 3}))});
  EXPECT_THAT(isr.removed, ElementsAre(2));
  EXPECT_THAT(isr.added, ElementsAre(3));
  const auto both = Events({Set(path, State(1, 0, {1, 2}), State(2, 1, {2}))});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(std::get<LeaderChanged>(both[0]).previous, 1);
  EXPECT_THAT(std::get<IsrChanged>(both[1]).removed, ElementsAre(1));
  EXPECT_EQ(Only<LeaderChanged>({Set(path, State(1, 0, {1}), State(1, 1, {1}))}).state.leader_epoch,
            1);
  EXPECT_TRUE(Events({Gone(path, State(1, 0, {1}))}).empty()) << "goes with its topic";
}

TEST(MetadataEventTest, QuotasAreToldApartFromOtherKeys) {
  const std::string path = ConfigEntity{{{Type::kUser, "alice"}}}.Path();
  const auto events =
      Events({Set(path, EncodeConfig({{"producer_byte_rate", "10"}, {"SCRAM-SHA-256", "a"}}),
                  EncodeConfig({{"consumer_byte_rate", "20"}, {"SCRAM-SHA-256", "b"}}))});
  ASSERT_EQ(events.size(), 2u);
  const auto& config = std::get<ConfigChanged>(events[0]);
  EXPECT_THAT(config.set, ElementsAre(std::pair("SCRAM-SHA-256", "b")));
  EXPECT_THAT(config.removed, ElementsAre());
  const auto& quota = std::get<QuotaChanged>(events[1]);
  EXPECT_EQ(quota.entity.EntityPath(), "users/alice");
  EXPECT_THAT(quota.set, ElementsAre(std::pair("consumer_byte_rate", 20.0)));
  EXPECT_THAT(quota.removed, ElementsAre("producer_byte_rate"));
}

TEST(MetadataEventTest, ATopicsConfigurationIsNoEventWhileItIsEmpty) {
  EXPECT_TRUE(Events({Made("/config/topics/t", EncodeConfig({}))}).empty());
  const auto set = Only<ConfigChanged>({Made("/config/topics/t", EncodeConfig({{"a", "b"}}))});
  EXPECT_THAT(set.set, ElementsAre(std::pair("a", "b")));
  EXPECT_THAT(Only<ConfigChanged>({Gone("/config/topics/t", EncodeConfig({{"a", "b"}}))}).removed,
              ElementsAre("a"));
}

TEST(MetadataEventTest, AclsTellTheirLines) {
  const AclEntry read{.principal = "User:a", .operation = AclOperation::kRead};
  const AclEntry write{.principal = "User:a", .operation = AclOperation::kWrite};
  const auto event = Only<AclChanged>(
      {Set("/kafka-acl-extended/prefixed/Topic/pre-", EncodeAcls({read}), EncodeAcls({write}))});
  EXPECT_EQ(event.resource,
            (ResourcePattern{ResourceType::kTopic, "pre-", PatternType::kPrefixed}));
  EXPECT_THAT(event.added, ElementsAre(write));
  EXPECT_THAT(event.removed, ElementsAre(read));
}

TEST(MetadataEventTest, WhatMakesNoSenseIsSaidAndCountsAsAbsent) {
  const auto events = Events({Set("/brokers/ids/1", Broker(1), "rubbish")});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<NodeUnreadable>(events[0]).path, "/brokers/ids/1");
  EXPECT_EQ(std::get<BrokerLost>(events[1]).broker, 1);
  EXPECT_EQ(Only<BrokerJoined>({Set("/brokers/ids/1", "rubbish", Broker(1))}).broker, 1);
  EXPECT_TRUE(
      Events({{.path = "/brokers/ids/1", .after = NodeState{.acl = model::OpenAcl()}}}).empty())
      << "null data says nothing yet";
}

TEST(MetadataEventTest, OnlyTheClusterAtTheRootIsTold) {
  const NodeChange east = Made("/kafka/east/brokers/ids/1", Broker(1));
  EXPECT_TRUE(Events({east}).empty());
  EXPECT_TRUE(EventsAt("/kafka/eas", {east}).empty());
  EXPECT_EQ(EventsAt("/kafka/east", {east}).size(), 1u);
  const auto unreadable = EventsAt("/kafka/east", {Made("/kafka/east/controller", "x")});
  ASSERT_EQ(unreadable.size(), 1u);
  EXPECT_EQ(std::get<NodeUnreadable>(unreadable[0]).path, "/controller");
}

TEST(MetadataEventTest, WhatTheCallerMayNotReadIsNotTold) {
  const auto secret =
      std::make_shared<const model::Acl>(model::Acl{{model::kAll, {"digest", "admin:x"}}});
  NodeChange hidden = Made("/brokers/ids/1", Broker(1));
  hidden.after->acl = secret;
  NodeChange hidden_end = Gone("/brokers/ids/2", Broker(2));
  hidden_end.before->acl = secret;
  NodeChange hidden_epoch = Set("/controller_epoch", "1", "2");
  hidden_epoch.after->acl = secret;
  const NodeChange open = Made("/controller", EncodeController({.broker = 3}));
  const std::vector<NodeChange> changes = {hidden, hidden_end, hidden_epoch, open};
  const auto events = EventsOf("/", changes, [](const model::Acl& acl) {
    return model::Allows(acl, {.identities = {{"ip", "127.0.0.1"}}}, model::kRead);
  });
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<ControllerChanged>(events[0]).epoch, std::nullopt);
}

}  // namespace
}  // namespace rookery::kafka
