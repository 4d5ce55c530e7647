#include "tools/rookery/acls/choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::tools::acls {
namespace {

using kafka::PatternType;
using ::testing::SizeIs;

TEST(ChoiceTest, EachPrincipalHostAndOperationIsAnEntry) {
  const auto additions = Additions({.topics = {"a", "b"},
                                    .operations = {"read", "describe_configs"},
                                    .allow_principals = {"User:x", "User:y"},
                                    .allow_hosts = {"1.1.1.1", "2.2.2.2"},
                                    .deny_principals = {"User:z"}});
  ASSERT_TRUE(additions.ok()) << additions.status();
  ASSERT_THAT(*additions, SizeIs(2));
  EXPECT_THAT(additions->begin()->second, SizeIs(2 * 2 * 2 + 2));
}

TEST(ChoiceTest, AProducerThatConsumesGetsBoth) {
  const auto additions = Additions({.topics = {"t"},
                                    .groups = {"g"},
                                    .allow_principals = {"User:x"},
                                    .producer = true,
                                    .consumer = true});
  ASSERT_TRUE(additions.ok()) << additions.status();
  EXPECT_THAT(additions->at({.name = "t"}), SizeIs(4));  // read, write, create, describe
  EXPECT_THAT(additions->at({.type = kafka::ResourceType::kGroup, .name = "g"}), SizeIs(1));
}

TEST(ChoiceTest, MistakesAreSaidInKafkasWords) {
  const auto message = [](const Choice& choice) {
    return std::string(Additions(choice).status().message());
  };
  const std::vector<std::string> alice = {"User:alice"};
  EXPECT_EQ(message({.topics = {"t"}, .allow_principals = {"alice"}}),
            "expected a string in format principalType:principalName but got alice");
  EXPECT_EQ(message({.topics = {"t"}, .operations = {"ClusterAction"}, .allow_principals = alice}),
            "ResourceType TOPIC only supports operations Read, Write, Create, Delete, Alter, "
            "Describe, DescribeConfigs, AlterConfigs, All");
  EXPECT_EQ(message({.allow_principals = alice, .producer = true}),
            "With --producer you must specify a --topic");
  EXPECT_EQ(
      message(
          {.topics = {"t"}, .operations = {"Read"}, .allow_principals = alice, .producer = true}),
      "Option \"[producer]\" can't be used with option \"[operation]\"");
  EXPECT_EQ(message({.topics = {"t"}, .allow_principals = alice, .idempotent = true}),
            "The --idempotent option is only available if --producer is set");
}

TEST(ChoiceTest, FiltersMeanPatterns) {
  const auto topic = [](const char* name, PatternFilter pattern) {
    return ResourceFilter{.name = name, .pattern = pattern};
  };
  const kafka::ResourcePattern literal = {.name = "pre"};
  const kafka::ResourcePattern prefixed = {.name = "pre", .pattern = PatternType::kPrefixed};
  const kafka::ResourcePattern all = {.name = "*"};
  EXPECT_TRUE(Matches(topic("pre", PatternFilter::kLiteral), literal));
  EXPECT_FALSE(Matches(topic("pre", PatternFilter::kLiteral), prefixed));
  EXPECT_TRUE(Matches(topic("pre", PatternFilter::kAny), prefixed));
  EXPECT_FALSE(Matches(topic("prefix", PatternFilter::kAny), prefixed));
  EXPECT_TRUE(Matches(topic("prefix", PatternFilter::kMatch), prefixed));
  EXPECT_FALSE(Matches(topic("prefix", PatternFilter::kMatch), literal));
  EXPECT_TRUE(Matches(topic("prefix", PatternFilter::kMatch), all));
  EXPECT_FALSE(Matches(topic("prefix", PatternFilter::kLiteral), all));
}

}  // namespace
}  // namespace rookery::tools::acls
