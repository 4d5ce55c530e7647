// Vectors are what real 3.9 brokers wrote.
#include <gtest/gtest.h>

#include "coordinator/kafka/broker.h"
#include "coordinator/kafka/config.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/kafka/preload.h"
#include "coordinator/kafka/topic.h"
#include "coordinator/model/path.h"

namespace rookery::kafka {
namespace {

TEST(BrokerTest, WritesWhatKafkaWrites) {
  const BrokerRegistration broker = {.host = "127.0.0.1",
                                     .port = 21100,
                                     .timestamp_ms = 1700000000000,
                                     .endpoints = {"PLAINTEXT://127.0.0.1:21100"},
                                     .listener_protocols = {{"PLAINTEXT", "PLAINTEXT"}}};
  const std::string json =
      R"({"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},)"
      R"("endpoints":["PLAINTEXT://127.0.0.1:21100"],"jmx_port":-1,"port":21100,)"
      R"("host":"127.0.0.1","version":5,"timestamp":"1700000000000"})";
  EXPECT_EQ(EncodeBroker(broker), json);
  EXPECT_EQ(DecodeBroker(json).value(), broker);
}

TEST(BrokerTest, ReadsVersionOneByHostAndPort) {
  const auto broker = DecodeBroker(R"({"version":1,"host":"h","port":9092,"jmx_port":1})");
  ASSERT_TRUE(broker.ok()) << broker.status();
  EXPECT_EQ(broker->endpoints, std::vector<std::string>{"PLAINTEXT://h:9092"});
}

TEST(BrokerTest, NamesWhatIsWrong) {
  EXPECT_FALSE(DecodeBroker("").ok());
  EXPECT_FALSE(DecodeBroker("[1]").ok());
  EXPECT_FALSE(DecodeBroker(R"({"version":0,"port":1})").ok());
  EXPECT_FALSE(DecodeBroker(R"({"version":5,"port":1,"endpoints":[1]})").ok());
}

TEST(BrokerTest, RefusesNumbersOfMoreThan32Bits) {
  EXPECT_FALSE(DecodeBroker(R"({"version":1,"host":"h","port":4294967297})").ok());
  EXPECT_FALSE(DecodeBroker(R"({"version":1,"host":"h","port":1,"jmx_port":-2147483649})").ok());
  EXPECT_FALSE(DecodeController(R"({"version":2,"brokerid":4294967297})").ok());
  EXPECT_FALSE(DecodeTopic(R"({"version":2,"partitions":{"0":[4294967297]}})").ok());
  EXPECT_FALSE(DecodePartitionState(
                   R"({"leader":4294967297,"leader_epoch":0,"controller_epoch":0,"isr":[]})")
                   .ok());
}

TEST(BrokerTest, KeepsZeroBytesInsideOfTexts) {
  const auto broker = DecodeBroker(
      R"({"version":5,"host":"a\u0000b","port":1,"endpoints":["e\u0000f"],"rack":"r\u0000s"})");
  ASSERT_TRUE(broker.ok()) << broker.status();
  EXPECT_EQ(broker->host.size(), 3u);
  EXPECT_EQ(broker->endpoints.at(0).size(), 3u);
  EXPECT_EQ(broker->rack->size(), 3u);
  EXPECT_EQ(DecodeConfig(R"({"version":1,"config":{"k":"v\u0000w"}})").at("k").size(), 3u);
}

TEST(ControllerTest, WritesWhatKafkaWrites) {
  const std::string json =
      R"({"version":2,"brokerid":0,"timestamp":"1700000000000","kraftControllerEpoch":-1})";
  EXPECT_EQ(EncodeController({.broker = 0, .timestamp_ms = 1700000000000}), json);
  EXPECT_EQ(DecodeController(json)->broker, 0);
  EXPECT_EQ(DecodeController(R"({"version":1,"brokerid":7,"timestamp":1})")->broker, 7);
}

TEST(TopicTest, WritesWhatKafkaWrites) {
  const TopicAssignment topic = {.partitions = {{0, {0, 2, 1}}, {1, {2, 1, 0}}, {2, {1, 0, 2}}},
                                 .topic_id = "AAAAAAAAQACAAAAAAAAAAg"};
  const std::string json =
      R"({"partitions":{"0":[0,2,1],"1":[2,1,0],"2":[1,0,2]},"topic_id":"AAAAAAAAQACAAAAAAAAAAg",)"
      R"("adding_replicas":{},"removing_replicas":{},"version":3})";
  EXPECT_EQ(EncodeTopic(topic), json);
  EXPECT_EQ(DecodeTopic(json).value(), topic);
  EXPECT_FALSE(DecodeTopic(R"({"partitions":{"x":[1]}})").ok());
  EXPECT_FALSE(DecodeTopic(R"({"partitions":{"0":["a"]}})").ok());
}

TEST(TopicTest, PartitionStateMatchesKafka) {
  const PartitionState state = {
      .leader = 0, .leader_epoch = 0, .controller_epoch = 1, .isr = {0, 2, 1}};
  const std::string json =
      R"({"controller_epoch":1,"leader":0,"version":1,"leader_epoch":0,"isr":[0,2,1]})";
  EXPECT_EQ(EncodePartitionState(state), json);
  EXPECT_EQ(DecodePartitionState(json).value(), state);
  PartitionState unclean = state;
  unclean.recovering = true;
  EXPECT_EQ(DecodePartitionState(EncodePartitionState(unclean)).value(), unclean);
}

TEST(ConfigTest, RoundTripsAndForgivesGarbage) {
  const ConfigMap config = {{"consumer_byte_rate", "2048"}, {"producer_byte_rate", "1024"}};
  EXPECT_EQ(EncodeConfig(config),
            R"({"version":1,"config":{"consumer_byte_rate":"2048","producer_byte_rate":"1024"}})");
  EXPECT_EQ(DecodeConfig(EncodeConfig(config)), config);
  EXPECT_TRUE(DecodeConfig("garbage").empty());
  EXPECT_TRUE(DecodeConfig(R"({"version":1})").empty());
}

TEST(ConfigTest, ReadsBothVersionsOfChanges) {
  EXPECT_EQ(EncodeConfigChange("clients/clientA"),
            R"({"version":2,"entity_path":"clients/clientA"})");
  EXPECT_EQ(DecodeConfigChange(EncodeConfigChange("clients/clientA")).value(), "clients/clientA");
  EXPECT_EQ(DecodeConfigChange(R"({"version":1,"entity_type":"topics","entity_name":"t"})").value(),
            "topics/t");
  EXPECT_FALSE(DecodeConfigChange(R"({"version":3,"entity_path":"a/b"})").ok());
}

TEST(ConfigTest, SanitizesAsKafkaDoes) {
  EXPECT_EQ(Sanitize("a b*c<d>"), "a%20b%2Ac%3Cd%3E");
  EXPECT_EQ(Desanitize("a%20b%2Ac%3Cd%3E").value(), "a b*c<d>");
  EXPECT_FALSE(Desanitize("a%2").ok());
  using Type = ConfigEntity::Type;
  const ConfigEntity both = {{{Type::kUser, "al ice"}, {Type::kClient, "", true}}};
  EXPECT_EQ(both.Path(), "/config/users/al%20ice/clients/<default>");
}

TEST(PreloadTest, ParentsComeFirstAndSlotsNever) {
  std::vector<std::string> seen = {"/"};
  for (const std::string& path : PreloadPaths()) {
    EXPECT_TRUE(std::count(seen.begin(), seen.end(), std::string(model::ParentPath(path)))) << path;
    EXPECT_NE(path, kControllerPath);
    EXPECT_FALSE(model::ParentPath(path) == kBrokerIdsPath);
    seen.push_back(path);
  }
  EXPECT_EQ(seen.size(), 18u);  // the root, fourteen paths, three parents
}

TEST(PathsTest, JudgesTopicNames) {
  EXPECT_TRUE(IsLegalTopicName("orders.v1_x-2"));
  for (const char* bad : {"", ".", "..", "a/b", "a b"}) EXPECT_FALSE(IsLegalTopicName(bad)) << bad;
  EXPECT_FALSE(IsLegalTopicName(std::string(250, 'a')));
  EXPECT_TRUE(TopicNamesCollide("a.b", "a_b"));
  EXPECT_FALSE(TopicNamesCollide("a.b", "a-b"));
}

}  // namespace
}  // namespace rookery::kafka
