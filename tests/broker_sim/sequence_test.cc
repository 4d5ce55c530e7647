// What simulated brokers send to the coordinator of an empty tree is what Kafka 3.9 was recorded to
// send: in order as far as one thread of a broker speaks alone, and the same requests, phase by
// phase, where Kafka's threads mix theirs and its hash tables decide an order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "broker-sim/fabric/messages.h"
#include "coordinator/kafka/paths.h"
#include "tests/broker_sim/simulated_brokers.h"

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

constexpr char kElects[] = "multi [create /controller flags=1; setData /controller_epoch";
constexpr char kRegisters[] = "multi [create /brokers/ids/";

// In order up to the first mark, then as sets from mark to mark.
void ExpectSame(const std::vector<std::string>& marks, const Requests& expected,
                const Requests& sent) {
  const std::vector<Requests> expected_parts = CutAt(marks, expected);
  const std::vector<Requests> parts = CutAt(marks, sent);
  EXPECT_THAT(parts[0], ElementsAreArray(expected_parts[0]));
  for (size_t i = 1; i < parts.size(); ++i) {
    EXPECT_FALSE(expected_parts[i].empty()) << "the recording has no " << marks[i - 1];
    EXPECT_THAT(parts[i], UnorderedElementsAreArray(expected_parts[i])) << "from " << marks[i - 1];
  }
}

TEST(SequenceTest, TheFirstBrokerOfAClusterSendsWhatKafkaSends) {
  const Requests expected = Recorded("01-first-broker-start.txt", "b0.1");
  ASSERT_GT(expected.size(), 60u);
  SimulatedBrokers brokers(1);
  brokers.Start(0);
  ExpectSame({kElects}, expected, brokers.Sent(0, expected));
}

// With generated ids, and the broker's next life after a kill.
TEST(SequenceTest, ABrokerWithoutAnIdTakesOneOnceAndKeepsIt) {
  const Requests takes = {"setData /brokers/seqid", "getData /config/brokers/<default>",
                          "getData /config/brokers/1001", "getChildren2 /brokers/topics"};
  const std::vector<std::string> marks = {takes.front(), "getChildren2 /brokers/ids"};
  EXPECT_THAT(CutAt(marks, Recorded("52-ibp26-generated-broker-id.txt", "b1.1"))[1],
              ElementsAreArray(takes));
  SimulatedBrokers brokers(1, SimulatedBrokers::Ids::kGenerated);
  brokers.Start(0);
  brokers.WaitFor(0, "getChildren2 /config/ips", 1);
  Requests sent = CutAt(marks, brokers.Sent(0, {}))[1];
  ASSERT_GE(sent.size(), takes.size());
  sent.resize(takes.size());  // then it looks for features, which inter-broker protocol 2.6 lacks
  EXPECT_THAT(sent, ElementsAreArray(takes));
  EXPECT_TRUE(brokers.tree().Exists("/brokers/ids/1001").ok());
  brokers.Kill(0);
  brokers.Mark();
  brokers.Start(0);
  brokers.WaitFor(0, "getChildren2 /config/ips", 1);  // once the session before has expired
  for (const std::string& request : brokers.Sent(0, {})) EXPECT_NE(request, takes.front());
  EXPECT_TRUE(brokers.tree().Exists("/brokers/ids/1001").ok());
}

class ThreeBrokersTest : public ::testing::Test {
 protected:
  // The second and the third come as they were recorded to, and are taken in so.
  ThreeBrokersTest() {
    brokers_.Start(0);
    brokers_.Sent(0, Recorded("01-first-broker-start.txt", "b0.1"));
    for (const int32_t id : {1, 2}) {
      const char* file = id == 1 ? "02-second-broker-start.txt" : "03-third-broker-start.txt";
      const Requests starts = Recorded(file, absl::StrCat("b", id, ".1"));
      const Requests takes_in = Recorded(file, "b0.1");
      brokers_.Mark();
      brokers_.Start(id);
      ExpectSame({kRegisters}, starts, brokers_.Sent(id, starts));
      EXPECT_THAT(brokers_.Sent(0, takes_in), UnorderedElementsAreArray(takes_in));
    }
  }

  // Puts a state there as it was recorded, `version` writes after its creation.
  void PutState(const std::string& topic, int32_t partition, int32_t leader_epoch,
                const kafka::Replicas& isr, int32_t leader, int32_t version) {
    const std::string path = kafka::PartitionStatePath(topic, partition);
    const std::string data = kafka::EncodePartitionState(
        {.leader = leader, .leader_epoch = leader_epoch, .controller_epoch = 1, .isr = isr});
    for (int32_t i = 0; i < version; ++i) {
      ASSERT_TRUE(brokers_.tree().SetData({.path = path, .data = data, .version = i}).ok()) << path;
    }
  }
  void PutTopic(const std::string& topic, const std::vector<kafka::Replicas>& partitions) {
    kafka::TopicAssignment assignment = {.topic_id = kafka::EncodeUuid(1, 2)};
    for (size_t i = 0; i < partitions.size(); ++i) {
      assignment.partitions[static_cast<int32_t>(i)] = partitions[i];
    }
    model::CreateRequest create = {.path = kafka::TopicPath(topic),
                                   .data = kafka::EncodeTopic(assignment),
                                   .acl = *model::OpenAcl()};
    ASSERT_TRUE(brokers_.tree().Create(std::move(create)).ok());
  }

  SimulatedBrokers brokers_{3};
};

// Where the placement starts decides which replicas stand first; over three brokers with three
// replicas the requests are the same for all.
TEST_F(ThreeBrokersTest, ATopicIsCreatedAsKafkaCreatesIt) {
  brokers_.Mark();
  CreateTopicRequest request;
  request.topic = {.name = "orders", .partitions = 3, .replication_factor = 3};
  const auto response = brokers_.Ask(0, request);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->error, Error::kNone) << response->message;
  const Requests controller = Recorded("04-topic-create.txt", "b0.1");
  ASSERT_EQ(controller.size(), 19u);
  ExpectSame({"create /brokers/topics/orders",
              "multi [check /controller_epoch v=1; create /brokers/topics/orders/partitions]",
              "multi [check /controller_epoch v=1; create /brokers/topics/orders/partitions/0]",
              "multi [check /controller_epoch v=1; create /brokers/topics/orders/partitions/0/st",
              "getData /config/topics/orders"},
             controller, brokers_.Sent(0, controller));
  for (const int32_t id : {1, 2}) {
    const Requests expected = Recorded("04-topic-create.txt", absl::StrCat("b", id, ".1"));
    EXPECT_EQ(expected.size(), 3u);
    EXPECT_THAT(brokers_.Sent(id, expected), ElementsAreArray(expected));
  }
}

// The recorded cluster had lived for a while: the states stand as its last elections left them. The
// controller is killed, both others attempt to follow it, and broker 1 wins.
TEST_F(ThreeBrokersTest, AControllerThatTakesOverSendsWhatKafkaSends) {
  const std::map<std::string, std::vector<kafka::Replicas>> topics = {
      {"moves", {{2, 0}, {0, 2}}},
      {"orders", {{0, 2, 1}, {2, 1, 0}, {1, 0, 2}, {0, 2, 1}, {1, 0, 2}}},
      {"__consumer_offsets", {{2, 0, 1}, {1, 2, 0}, {0, 1, 2}}},
      {"__transaction_state", {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}}};
  std::map<int32_t, size_t> replicas;  // by broker
  brokers_.Mark();
  for (const auto& [topic, partitions] : topics) {
    PutTopic(topic, partitions);
    for (const kafka::Replicas& partition : partitions) {
      for (const int32_t id : partition) ++replicas[id];
    }
  }
  // The last thing that a broker does for a new replica is to read its configuration.
  for (const auto& [id, count] : replicas) brokers_.WaitFor(id, "getData /config/topics/", count);
  PutState("moves", 0, 6, {0, 2}, 2, 7);
  PutState("moves", 1, 3, {2, 0}, 0, 4);
  PutState("orders", 0, 1, {0, 2, 1}, 0, 2);
  PutState("orders", 1, 1, {2, 0, 1}, 2, 2);
  PutState("orders", 2, 2, {0, 2, 1}, 1, 3);
  PutState("orders", 3, 1, {0, 2, 1}, 0, 2);
  PutState("orders", 4, 2, {0, 2, 1}, 1, 3);
  PutState("__consumer_offsets", 0, 1, {2, 0, 1}, 2, 2);
  PutState("__consumer_offsets", 1, 2, {2, 0, 1}, 1, 3);
  PutState("__consumer_offsets", 2, 1, {0, 2, 1}, 0, 2);
  PutState("__transaction_state", 0, 1, {0, 2, 1}, 0, 2);
  PutState("__transaction_state", 1, 1, {2, 0, 1}, 2, 2);
  PutState("__transaction_state", 2, 2, {2, 0, 1}, 1, 3);

  brokers_.Mark();
  brokers_.Choose(1, {2});
  brokers_.Kill(0);
  const Requests winner = Recorded("17-controller-kill9.txt", "b1.2");
  ASSERT_EQ(winner.size(), 76u);
  ExpectSame({kElects, "getChildren2 /brokers/topics watch",
              "getChildren2 /admin/delete_topics watch", "exists /admin/reassign_partitions watch"},
             winner, brokers_.Sent(1, winner));
  const Requests loser = Recorded("17-controller-kill9.txt", "b2.1");
  ASSERT_EQ(loser.size(), 10u);
  EXPECT_THAT(brokers_.Sent(2, loser), ElementsAreArray(loser));
}

}  // namespace
}  // namespace rookery::broker_sim
