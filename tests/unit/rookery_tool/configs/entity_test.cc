#include "tools/rookery/configs/entity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::tools::configs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ParseEntityTest, PutsTheUserFirst) {
  const auto choice = ParseEntity({"clients", "users"}, {"c 1", "bob"});
  ASSERT_TRUE(choice.ok()) << choice.status();
  ASSERT_TRUE(choice->IsOneEntity());
  EXPECT_EQ(choice->Entity().EntityPath(), "users/bob/clients/c%201");
  EXPECT_EQ(EntityText(choice->Entity()), "user-principal 'bob', client-id 'c 1'");
  EXPECT_EQ(CompletedText(choice->Entity()), "Completed updating config for user bob.");
}

TEST(ParseEntityTest, DefaultsAndMissingNamesDiffer) {
  const auto by_default = ParseEntity({"clients"}, {std::nullopt});
  ASSERT_TRUE(by_default.ok());
  EXPECT_EQ(by_default->Entity().Path(), "/config/clients/<default>");
  EXPECT_EQ(EntityText(by_default->Entity()), "default client-id");
  EXPECT_EQ(CompletedText(by_default->Entity()),
            "Completed updating default config for clients in the cluster.");
  const auto all = ParseEntity({"clients"}, {});
  ASSERT_TRUE(all.ok());
  EXPECT_FALSE(all->IsOneEntity());
}

TEST(ParseEntityTest, NamesWhatDoesNotFit) {
  EXPECT_THAT(std::string(ParseEntity({"topics", "users"}, {}).status().message()),
              HasSubstr("may be combined"));
  EXPECT_FALSE(ParseEntity({"nonsense"}, {}).ok());
  EXPECT_FALSE(ParseEntity({}, {}).ok());
  EXPECT_FALSE(ParseEntity({"brokers"}, {"one"}).ok());
  EXPECT_FALSE(ParseEntity({"topics"}, {std::nullopt}).ok());
  EXPECT_FALSE(ParseEntity({"clients"}, {"a", "b"}).ok());
}

TEST(ParseAddConfigTest, BracketsKeepCommas) {
  EXPECT_THAT(*ParseAddConfig("a=1, b=[x,y=2],c="),
              ElementsAre(Pair("a", "1"), Pair("b", "x,y=2"), Pair("c", "")));
  EXPECT_FALSE(ParseAddConfig("a").ok());
  EXPECT_FALSE(ParseAddConfig("=1").ok());
  EXPECT_FALSE(ParseAddConfig("a=[1").ok());
}

TEST(ConfigTextTest, HidesCredentials) {
  const kafka::ConfigEntity user = {{{EntityType::kUser, "u"}}};
  const kafka::ConfigMap config = {
      {"SCRAM-SHA-256", "salt=c2FsdA==,stored_key=a,server_key=b,iterations=4096"},
      {"producer_byte_rate", "1024"}};
  EXPECT_EQ(ConfigText(user, config),
            "Configs for user-principal 'u' are "
            "SCRAM-SHA-256=iterations=4096,producer_byte_rate=1024");
  EXPECT_THAT(boost::json::serialize(ConfigJson(user, config)),
              ::testing::Not(HasSubstr("stored_key")));
}

TEST(ReplacePasswordsTest, StoresNoPassword) {
  const kafka::ConfigEntity user = {{{EntityType::kUser, "u"}}};
  kafka::ConfigMap add = {{"SCRAM-SHA-512", "iterations=8192,password=a,b"}};
  ASSERT_TRUE(ReplacePasswords(user, "salt", &add).ok());
  EXPECT_EQ(add["SCRAM-SHA-512"], *kafka::EncodeScram("SCRAM-SHA-512", "a,b", "salt", 8192));
  kafka::ConfigMap plain = {{"SCRAM-SHA-256", "password=p"}};
  ASSERT_TRUE(ReplacePasswords(user, "salt", &plain).ok());
  EXPECT_EQ(plain["SCRAM-SHA-256"], *kafka::EncodeScram("SCRAM-SHA-256", "p", "salt", 4096));
  kafka::ConfigMap wrong = {{"SCRAM-SHA-256", "secret"}};
  EXPECT_FALSE(ReplacePasswords(user, "salt", &wrong).ok());
}

}  // namespace
}  // namespace rookery::tools::configs
