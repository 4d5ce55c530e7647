// What tests/unit/kafka_classes does not compare with Kafka: the nearest names, and what the tools
// add.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/kafka/plan.h"

namespace rookery::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Type = ConfigEntity::Type;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

TEST(ConfigRulesTest, AMistypedKeyNamesTheNearest) {
  EXPECT_EQ(MessageOf(ValidateTopicConfig({{"retention.m", "1"}})),
            "Unknown topic config name: retention.m; did you mean retention.ms?");
  EXPECT_EQ(MessageOf(ValidateConfig({{{Type::kClient, "c"}}}, {{"producer_byterate", "1"}})),
            "requirement failed: Unknown Dynamic Configuration: Set(producer_byterate).; did you "
            "mean producer_byte_rate?");
  EXPECT_EQ(MessageOf(ValidateTopicConfig({{"colour", "red"}})),
            "Unknown topic config name: colour");
}

TEST(ConfigRulesTest, TheDefaultUserHasNoCredentials) {
  const ConfigMap scram = {{"SCRAM-SHA-256", "salt=,stored_key=,server_key=,iterations=4096"}};
  EXPECT_TRUE(ValidateConfig({{{Type::kUser, "u"}}}, scram).ok());
  EXPECT_FALSE(ValidateConfig({{{Type::kUser, "", true}}}, scram).ok());
  EXPECT_FALSE(ValidateConfig({{{Type::kUser, "u"}, {Type::kClient, "c"}}}, scram).ok());
}

TEST(ConfigRulesTest, KeysOfPluginsAreTakenAndTold) {
  const ConfigMap config = {{"log.cleaner.thread", "2"}, {"com.example.plugin", "x"}};
  EXPECT_TRUE(ValidateConfig({{{Type::kBroker, "0"}}}, config).ok());
  EXPECT_THAT(UnknownBrokerKeys(config),
              ElementsAre("com.example.plugin is no configuration of a broker that Kafka knows: it "
                          "is kept for plugins",
                          "log.cleaner.thread is no configuration of a broker that Kafka knows: it "
                          "is kept for plugins; did you mean log.cleaner.threads?"));
  EXPECT_THAT(UnknownBrokerKeys({{"listener.name.external.ssl.protocol", "TLSv1.3"}}), IsEmpty());
}

// A plain password in /config/brokers is read as one that a broker encoded.
TEST(PlanAlterConfigTest, RefusesPasswordsOfBrokers) {
  const TreeView roots = {{"/config", {}}, {"/config/brokers", {}}, {"/config/changes", {}}};
  const auto plan =
      PlanAlterConfig(roots, {.entity = {{{Type::kBroker, "0"}}},
                              .add = {{"listener.name.external.ssl.key.password", "secret"}}});
  EXPECT_THAT(MessageOf(plan.status()), HasSubstr("listener.name.external.ssl.key.password"));
  EXPECT_THAT(MessageOf(plan.status()), Not(HasSubstr("secret,")));
}

TEST(PlanAlterConfigTest, ANewTopicValueMustGoTogetherWithThoseThatStand) {
  TreeView view = {{"/config", {}}, {"/config/topics", {}}, {"/config/changes", {}}};
  view["/config/topics/t"] = {
      R"({"version":1,"config":{"min.compaction.lag.ms":"10","of.another.version":"1"}})", 1};
  const ConfigEntity topic = {{{Type::kTopic, "t"}}};
  EXPECT_TRUE(
      PlanAlterConfig(view, {.entity = topic, .add = {{"max.compaction.lag.ms", "10"}}}).ok());
  EXPECT_EQ(
      MessageOf(PlanAlterConfig(view, {.entity = topic, .add = {{"max.compaction.lag.ms", "9"}}})
                    .status()),
      "conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (9)");
  EXPECT_TRUE(PlanAlterConfig(view, {.entity = topic,
                                     .add = {{"max.compaction.lag.ms", "9"}},
                                     .remove = {"min.compaction.lag.ms"}})
                  .ok());
}

TEST(PlanCreateTopicTest, RefusesAConfigurationThatKafkaDoesNotKnow) {
  Random random(1);
  const CreateTopicView view = {.brokers = {{0}}};
  const auto plan =
      PlanCreateTopic(view, {.name = "t", .config = {{"cleanup.polici", "compact"}}}, random);
  EXPECT_EQ(MessageOf(plan.status()),
            "Unknown topic config name: cleanup.polici; did you mean cleanup.policy?");
}

}  // namespace
}  // namespace rookery::kafka
