#include "tools/rookery/topics/description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::tools::topics {
namespace {

using ::testing::ElementsAre;

Description Orders() {
  Description topic{.name = "orders"};
  topic.assignment.topic_id = "AAAAAAAAQACAAAAAAAAAAQ";
  topic.assignment.partitions = {{0, {1, 2}}, {1, {2, 3}}};
  topic.states[0] = {.leader = 1, .isr = {1, 2}};
  topic.states[1] = {.leader = -1, .isr = {2}};
  topic.config = {{"cleanup.policy", "compact"}, {"retention.ms", "1000"}};
  return topic;
}

TEST(DescribeTextTest, HasTheColumnsOfKafka) {
  EXPECT_EQ(DescribeText(Orders(), Filter::kAll, {}),
            "Topic: orders\tTopicId: AAAAAAAAQACAAAAAAAAAAQ\tPartitionCount: 2\t"
            "ReplicationFactor: 2\tConfigs: cleanup.policy=compact,retention.ms=1000\n"
            "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: N/A\t"
            "LastKnownElr: N/A\n"
            "\tTopic: orders\tPartition: 1\tLeader: none\tReplicas: 2,3\tIsr: 2\tElr: N/A\t"
            "LastKnownElr: N/A\n");
}

TEST(DescribeTextTest, TellsOfReassignmentAndDeletion) {
  Description topic{.name = "old", .marked_for_deletion = true};
  topic.assignment.partitions = {{0, {1, 2, 3}}};
  topic.assignment.adding = {{0, {3}}};
  topic.assignment.removing = {{0, {1}}};
  EXPECT_EQ(DescribeText(topic, Filter::kAll, {}),
            "Topic: old\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: \t"
            "MarkedForDeletion: true\n"
            "\tTopic: old\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: \t"
            "Adding Replicas: 3\tRemoving Replicas: 1\tElr: N/A\tLastKnownElr: N/A\t"
            "MarkedForDeletion: true\n");
}

TEST(DescribeTextTest, FiltersShowPartitionsAlone) {
  EXPECT_EQ(DescribeText(Orders(), Filter::kUnderReplicated, {1, 2, 3}),
            "\tTopic: orders\tPartition: 1\tLeader: none\tReplicas: 2,3\tIsr: 2\tElr: N/A\t"
            "LastKnownElr: N/A\n");
  EXPECT_TRUE(IsUnavailable(Orders(), 0, {2, 3}));
  EXPECT_FALSE(IsUnavailable(Orders(), 0, {1, 2, 3}));
  EXPECT_TRUE(IsUnavailable(Orders(), 1, {1, 2, 3}));
}

TEST(DescribeTextTest, FiltersByReplicasInSyncThatTheTopicAsksFor) {
  Description topic = Orders();
  topic.config["min.insync.replicas"] = "2";
  const auto partitions = [&topic](Filter filter) {
    const boost::json::object shown = DescribeJson(topic, filter, {});
    std::vector<int64_t> numbers;
    for (const auto& value : shown.at("partitions").as_array()) {
      numbers.push_back(value.as_object().at("partition").as_int64());
    }
    return numbers;
  };
  EXPECT_THAT(partitions(Filter::kUnderMinIsr), ElementsAre(1));
  EXPECT_THAT(partitions(Filter::kAtMinIsr), ElementsAre(0));
  topic.states.erase(0);
  EXPECT_THAT(partitions(Filter::kUnderMinIsr), ElementsAre(0, 1));
}

TEST(DescribeJsonTest, GivesNumbersAndNulls) {
  const boost::json::object json = DescribeJson(Orders(), Filter::kAll, {});
  EXPECT_EQ(json.at("partition_count").as_uint64(), 2u);
  const auto& second = json.at("partitions").as_array().at(1).as_object();
  EXPECT_TRUE(second.at("leader").is_null());
  EXPECT_EQ(boost::json::serialize(second.at("replicas")), "[2,3]");
  EXPECT_EQ(boost::json::serialize(json.at("configs")),
            R"({"cleanup.policy":"compact","retention.ms":"1000"})");
}

TEST(MatchingTest, AnExactNameMeansItselfAlone) {
  const std::vector<std::string> names = {"a-b", "a.b", "c"};
  EXPECT_THAT(*Matching(names, "a.b"), ElementsAre("a.b"));
  EXPECT_THAT(*Matching(names, "a.*"), ElementsAre("a-b", "a.b"));
  EXPECT_THAT(*Matching(names, "a-b, c"), ElementsAre("a-b", "c"));
  EXPECT_THAT(*Matching(names, "b"), ElementsAre());
  EXPECT_EQ(Matching(names, "(").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace rookery::tools::topics
