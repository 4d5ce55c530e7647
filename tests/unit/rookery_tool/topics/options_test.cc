#include "tools/rookery/topics/options.h"

#include <gtest/gtest.h>

namespace rookery::tools::topics {
namespace {

std::string Refusal(const Options& options) { return std::string(CheckOptions(options).message()); }

TEST(TopicsOptionsTest, OneActionWithATopic) {
  EXPECT_EQ(Refusal({.list = true}), "");
  EXPECT_EQ(Refusal({.create = true, .alter = true, .topic = "t"}),
            "Command must include exactly one action: --list, --describe, --create, --alter or "
            "--delete");
  EXPECT_EQ(Refusal({.remove = true}), "Missing required argument \"[topic]\"");
  EXPECT_EQ(Refusal({.alter = true, .topic = "t"}), "Missing required argument \"[partitions]\"");
}

TEST(TopicsOptionsTest, AnOptionOfAnotherActionIsRefused) {
  EXPECT_EQ(Refusal({.list = true, .partitions = 3}),
            "Option \"[partitions]\" can't be used with option \"[list]\"");
  EXPECT_EQ(Refusal({.create = true, .topic = "t", .if_exists = true}),
            "Option \"[if-exists]\" can't be used with option \"[create]\"");
  EXPECT_EQ(Refusal({.describe = true, .under_replicated = true, .at_min_isr = true}),
            "Option \"[under-replicated-partitions]\" can't be used with option "
            "\"[at-min-isr-partitions]\"");
  EXPECT_EQ(Refusal({.create = true, .topic = "t", .partitions = 1, .replica_assignment = "1"}),
            "Option \"[replica-assignment]\" can't be used with option \"[partitions]\"");
  EXPECT_EQ(Refusal({.alter = true, .topic = "t", .partitions = 3, .replica_assignment = "1"}), "");
  EXPECT_FALSE(
      CheckOptions({.alter = true, .topic = "t", .partitions = 3, .config = {"a=b"}}).ok());
}

// Words of Kafka's TopicCommand.parseReplicaAssignment.
TEST(TopicsOptionsTest, ReplicasOfEachPartitionInTurn) {
  const auto assignment = ParseReplicaAssignment("0 : 1, 1:2");
  ASSERT_TRUE(assignment.ok()) << assignment.status();
  EXPECT_EQ(*assignment, (std::map<int32_t, kafka::Replicas>{{0, {0, 1}}, {1, {1, 2}}}));
  EXPECT_EQ(ParseReplicaAssignment("0:0,1:2").status().message(),
            "Partition replica lists may not contain duplicate entries: 0");
  EXPECT_EQ(ParseReplicaAssignment("0:1,1").status().message(),
            "Partition 1 has different replication factor: [1]");
  for (const char* wrong : {"", "x", "0:1,", "-1:2", "0::1"}) {
    EXPECT_FALSE(ParseReplicaAssignment(wrong).ok()) << wrong;
  }
}

TEST(TopicsOptionsTest, ConfigurationsAreNameAndValue) {
  EXPECT_EQ(*ParseConfigs({"a = b", "c=d=e", "f="}),
            (kafka::ConfigMap{{"a", "b"}, {"c", "d=e"}, {"f", ""}}));
  EXPECT_FALSE(ParseConfigs({"a"}).ok());
  EXPECT_FALSE(ParseConfigs({"=a"}).ok());
}

}  // namespace
}  // namespace rookery::tools::topics
