#include "coordinator/kafka/layout.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/paths.h"

namespace rookery::kafka {
namespace {

using Type = ConfigEntity::Type;

bool MeansNothing(absl::string_view path) {
  return std::holds_alternative<NoMeaning>(MeaningOf(path));
}

TEST(LayoutTest, KnowsEveryNodeThatSaysSomething) {
  EXPECT_EQ(std::get<BrokerNode>(MeaningOf("/brokers/ids/7")).broker, 7);
  EXPECT_TRUE(std::holds_alternative<ControllerNode>(MeaningOf("/controller")));
  EXPECT_TRUE(std::holds_alternative<ControllerEpochNode>(MeaningOf("/controller_epoch")));
  EXPECT_EQ(std::get<TopicNode>(MeaningOf("/brokers/topics/a.b")).topic, "a.b");
  const auto state = std::get<PartitionStateNode>(MeaningOf(PartitionStatePath("t", 12)));
  EXPECT_EQ(state.topic, "t");
  EXPECT_EQ(state.partition, 12);
  EXPECT_EQ(std::get<DeletionMarkNode>(MeaningOf("/admin/delete_topics/t")).topic, "t");
}

TEST(LayoutTest, ConfigurationsAndAclsComeBackFromTheirOwnPaths) {
  for (const ConfigEntity& entity :
       {ConfigEntity{{{Type::kTopic, "t"}}}, ConfigEntity{{{Type::kUser, "a b/c*"}}},
        ConfigEntity{{{Type::kUser, "", true}, {Type::kClient, "c"}}},
        ConfigEntity{{{Type::kBroker, "", true}}}, ConfigEntity{{{Type::kIp, "10.0.0.1"}}}}) {
    const Meaning meaning = MeaningOf(entity.Path());
    ASSERT_TRUE(std::holds_alternative<ConfigNode>(meaning)) << entity.Path();
    EXPECT_EQ(std::get<ConfigNode>(meaning).entity.Path(), entity.Path());
  }
  for (const ResourcePattern& resource :
       {ResourcePattern{ResourceType::kTopic, "t", PatternType::kLiteral},
        ResourcePattern{ResourceType::kTransactionalId, "tx-", PatternType::kPrefixed}}) {
    const Meaning meaning = MeaningOf(AclPath(resource));
    ASSERT_TRUE(std::holds_alternative<AclNode>(meaning)) << AclPath(resource);
    EXPECT_EQ(std::get<AclNode>(meaning).resource, resource);
  }
}

TEST(LayoutTest, WhatKafkaWouldNotWriteMeansNothing) {
  for (const char* path : {"/",
                           "/brokers",
                           "/brokers/ids",
                           "/brokers/ids/x",
                           "/brokers/ids/07",
                           "/brokers/ids/-0",
                           "/brokers/ids/1/x",
                           "/brokers/seqid",
                           "/brokers/topics/t/partitions",
                           "/brokers/topics/t/partitions/0",
                           "/brokers/topics/t/partitions/0/states",
                           "/brokers/topics/t/partitions/00/state",
                           "/config/changes/config_change_0000000001",
                           "/config/users/a/clients",
                           "/config/users/%ff",
                           "/config/users/%4",
                           "/config/topics/t/x/y",
                           "/kafka-acl/Topic",
                           "/kafka-acl/Nothing/x",
                           "/kafka-acl-extended/prefixed/Topic",
                           "/kafka/brokers/ids/1",
                           ""}) {
    EXPECT_TRUE(MeansNothing(path)) << path;
  }
}

// What the journal keeps has to hold all that the events look at, whatever the root is.
TEST(LayoutTest, WhatMeansSomethingIsKeptUnderEveryRoot) {
  for (const char* path :
       {"/brokers/ids/7", "/controller", "/controller_epoch", "/brokers/topics/t",
        "/brokers/topics/t/partitions/0/state", "/admin/delete_topics/t", "/config/topics/t",
        "/config/users/u/clients/c", "/kafka-acl/Topic/t",
        "/kafka-acl-extended/prefixed/Topic/t"}) {
    ASSERT_FALSE(MeansNothing(path)) << path;
    EXPECT_TRUE(MayMeanSomething(path)) << path;
    EXPECT_TRUE(MayMeanSomething(absl::StrCat("/kafka/east", path))) << path;
    EXPECT_TRUE(MayMeanSomething(absl::StrCat("/brokers", path))) << path;
  }
  for (const char* path : {"/", "", "/app/lock-1", "/config/changes/config_change_0000000001",
                           "/brokers", "/b", "/c", "/controllers", "/controller/x"}) {
    EXPECT_FALSE(MayMeanSomething(path)) << path;
  }
}

TEST(LayoutTest, RootsAreWholeNames) {
  EXPECT_EQ(WithinRoot("/", "/controller"), "/controller");
  EXPECT_EQ(WithinRoot("/kafka", "/kafka/controller"), "/controller");
  EXPECT_EQ(WithinRoot("/kafka", "/kafka2/controller"), "");
  EXPECT_EQ(WithinRoot("/kafka", "/kafka"), "");
  EXPECT_EQ(BelowRoot("/", "/controller"), "/controller");
  EXPECT_EQ(BelowRoot("/kafka", "/controller"), "/kafka/controller");
}

}  // namespace
}  // namespace rookery::kafka
