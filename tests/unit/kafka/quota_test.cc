// Which quota holds for whom, and the nodes that ask the controller for something.
#include "coordinator/kafka/quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/kafka/admin.h"

namespace rookery::kafka {
namespace {

using ::testing::ElementsAre;

TEST(QuotaTest, TheEightLevelsMostSpecificFirst) {
  const std::vector<std::pair<std::string, std::string>> levels = {
      {"users/al%20ice/clients/c", "user:al ice client:c"},
      {"users/al%20ice/clients/<default>", "user:al ice client:c"},
      {"users/al%20ice", "user:al ice"},
      {"users/<default>/clients/c", "user:al ice client:c"},
      {"users/<default>/clients/<default>", "user:al ice client:c"},
      {"users/<default>", "user:al ice"},
      {"clients/c", "client:c"},
      {"clients/<default>", "client:c"}};
  ConfigsByEntity configs;
  const QuotaKinds kinds{.users = true, .users_with_clients = true, .clients = true};
  for (size_t i = levels.size(); i-- > 0;) {
    configs[levels[i].first]["producer_byte_rate"] = std::to_string(i + 1);
    const auto quota = ResolveQuota(configs, kinds, "producer_byte_rate", "al ice", "c");
    ASSERT_TRUE(quota.has_value());
    EXPECT_EQ(quota->entity, levels[i].first);
    EXPECT_EQ(quota->sensor, levels[i].second);
    EXPECT_EQ(quota->limit, static_cast<double>(i + 1));
  }
}

TEST(QuotaTest, EachKeyIsResolvedByItself) {
  ConfigsByEntity configs;
  configs["users/u"]["consumer_byte_rate"] = "5";
  configs["clients/c"]["producer_byte_rate"] = "7";
  const QuotaKinds kinds{.users = true, .clients = true};
  EXPECT_EQ(ResolveQuota(configs, kinds, "producer_byte_rate", "u", "c")->entity, "clients/c");
  EXPECT_EQ(ResolveQuota(configs, kinds, "consumer_byte_rate", "u", "c")->entity, "users/u");
  EXPECT_FALSE(ResolveQuota(configs, kinds, "request_percentage", "u", "c")->limit.has_value());
}

TEST(QuotaTest, WhoIsMeasuredTogetherFollowsFromTheKindsOfEntitiesKnown) {
  const auto sensor = [](const QuotaKinds& kinds) {
    const auto quota = ResolveQuota({}, kinds, "producer_byte_rate", "u", "c");
    return quota ? quota->sensor : "nobody";
  };
  EXPECT_EQ(sensor({}), "nobody");
  EXPECT_EQ(sensor({.users = true}), "user:u");
  EXPECT_EQ(sensor({.users_with_clients = true}), "user:u client:c");
  EXPECT_EQ(sensor({.clients = true}), "client:c");
  EXPECT_EQ(sensor({.users = true, .users_with_clients = true}), "client:c");
  QuotaKinds kinds;
  kinds.Add("topics/clients");
  EXPECT_EQ(sensor(kinds), "nobody");
  kinds.Add("users/clients/clients/c");
  EXPECT_EQ(sensor(kinds), "user:u client:c");
}

// Found by comparison with Kafka's ClientQuotaManager.
TEST(QuotaTest, AClientWithoutAnIdHasTheLimitOfItsUserAlone) {
  ConfigsByEntity configs;
  configs["clients/<default>"]["producer_byte_rate"] = "1";
  configs["users/u/clients/<default>"]["producer_byte_rate"] = "2";
  const QuotaKinds kinds{.users = true, .users_with_clients = true, .clients = true};
  EXPECT_FALSE(ResolveQuota(configs, kinds, "producer_byte_rate", "u", "")->limit.has_value());
  configs["users/<default>"]["producer_byte_rate"] = "3";
  EXPECT_EQ(ResolveQuota(configs, kinds, "producer_byte_rate", "u", ""),
            (Quota{3, "users/<default>", "user:u"}));
}

TEST(AdminNodeTest, ReadsAndWritesWhatKafkaWrites) {
  const auto moves = DecodeReassignment(
      R"({"version":1,"partitions":[{"topic":"t","partition":3,"replicas":[1,2]}]})");
  ASSERT_TRUE(moves.ok()) << moves.status();
  EXPECT_EQ(moves->at({"t", 3}), (Replicas{1, 2}));
  EXPECT_EQ(*DecodeReassignment(EncodeReassignment(*moves)), *moves);
  const auto wanted =
      DecodePreferredElection(R"({"version":1,"partitions":[{"topic":"t","partition":0}]})");
  ASSERT_TRUE(wanted.ok()) << wanted.status();
  EXPECT_THAT(*wanted, ElementsAre(TopicPartition("t", 0)));
  const ProducerIdBlock block = {.broker = 0, .first = 1000, .last = 1999};
  EXPECT_EQ(
      *DecodeProducerIdBlock(R"({"version":1,"broker":0,"block_start":"1000","block_end":"1999"})"),
      block);
  EXPECT_EQ(*DecodeProducerIdBlock(EncodeProducerIdBlock(block)), block);
}

}  // namespace
}  // namespace rookery::kafka
