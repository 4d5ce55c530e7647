#include "tools/rookery/reassign/move_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rookery_tool/metadata/sample_cluster.h"

namespace rookery::tools::reassign {
namespace {

using metadata::Cluster;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

// How many replicas each broker holds once `moves` are done.
std::map<int32_t, size_t> HeldAfter(const Cluster& cluster, const Moves& moves) {
  std::map<int32_t, size_t> held;
  for (const auto& [name, topic] : cluster.topics) {
    for (const auto& [number, before] : topic.assignment.partitions) {
      const auto moved = moves.find({name, number});
      for (const int32_t replica : moved == moves.end() ? before : moved->second) ++held[replica];
    }
  }
  return held;
}

TEST(PlanDrainTest, MovesOnlyWhatTheBrokerHolds) {
  Cluster cluster = metadata::SampleCluster();
  cluster.brokers[4] = "c";
  const auto moves = PlanDrain(cluster, {3});
  ASSERT_TRUE(moves.ok()) << moves.status();
  EXPECT_THAT(*moves, ElementsAre(Pair(Pair("orders", 1), ElementsAre(2, 4)),
                                  Pair(Pair("orders", 2), ElementsAre(4, 1))));
  EXPECT_EQ(CopiedReplicas(cluster, *moves), 2u);
  EXPECT_EQ(Present(cluster, *moves).at({"orders", 1}), (kafka::Replicas{2, 3}));
}

TEST(PlanDrainTest, PrefersARackThatThePartitionDoesNotUse) {
  Cluster cluster = metadata::SampleCluster();
  cluster.brokers = {{1, "a"}, {2, "b"}, {3, "c"}, {4, "a"}, {5, "d"}};
  cluster.topics["orders"].assignment.partitions = {{0, {1, 3}}, {1, {5, 2}}, {2, {5, 2}}};
  const auto moves = PlanDrain(cluster, {3});
  ASSERT_TRUE(moves.ok()) << moves.status();
  EXPECT_THAT(moves->at({"orders", 0}), ElementsAre(1, ::testing::AnyOf(2, 5)));
}

TEST(PlanDrainTest, SaysWhichReplicaHasNowhereToGo) {
  Cluster cluster = metadata::SampleCluster();
  cluster.topics["orders"].assignment.partitions[0] = {1, 2, 3};
  const auto moves = PlanDrain(cluster, {3});
  EXPECT_EQ(moves.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(moves.status().message(), HasSubstr("orders-0 on broker 3"));
}

TEST(PlanDrainTest, WorksForABrokerThatIsGone) {
  Cluster cluster = metadata::SampleCluster();
  cluster.brokers.erase(3);
  cluster.brokers[4] = "d";
  const auto moves = PlanDrain(cluster, {3});
  ASSERT_TRUE(moves.ok()) << moves.status();
  EXPECT_FALSE(HeldAfter(cluster, *moves).contains(3));
}

TEST(PlanAddTest, FillsTheNewBrokerAndMovesNothingElse) {
  Cluster cluster = metadata::SampleCluster();
  cluster.brokers[4] = "d";
  auto& partitions = cluster.topics["orders"].assignment.partitions;
  for (int32_t number = 3; number < 12; ++number) {
    partitions[number] = partitions[number % 3];
  }
  const auto moves = PlanAdd(cluster, {4});
  ASSERT_TRUE(moves.ok()) << moves.status();
  EXPECT_THAT(HeldAfter(cluster, *moves),
              ElementsAre(Pair(1, 6), Pair(2, 6), Pair(3, 6), Pair(4, 6)));
  EXPECT_EQ(CopiedReplicas(cluster, *moves), 6u);
  EXPECT_EQ(PlanAdd(cluster, {9}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(PlanBalanceTest, LeavesABalancedClusterAlone) {
  EXPECT_THAT(PlanBalance(metadata::SampleCluster()), IsEmpty());
}

TEST(PlanBalanceTest, EvensReplicasAndPreferredLeaders) {
  Cluster cluster = metadata::SampleCluster();
  auto& partitions = cluster.topics["orders"].assignment.partitions;
  for (int32_t number = 0; number < 12; ++number) partitions[number] = {1, 2};
  const Moves moves = PlanBalance(cluster);
  EXPECT_THAT(HeldAfter(cluster, moves), ElementsAre(Pair(1, 8), Pair(2, 8), Pair(3, 8)));
  EXPECT_EQ(CopiedReplicas(cluster, moves), 8u);
  std::map<int32_t, size_t> preferred;
  for (auto& [partition, replicas] : moves) partitions[partition.second] = replicas;
  for (const auto& [number, replicas] : partitions) ++preferred[replicas.front()];
  EXPECT_THAT(preferred, ElementsAre(Pair(1, 4), Pair(2, 4), Pair(3, 4)));
}

TEST(PlanBalanceTest, TakesNoRackFromAPartition) {
  Cluster cluster = metadata::SampleCluster();
  cluster.brokers = {{1, "a"}, {2, "b"}, {3, "b"}};
  auto& partitions = cluster.topics["orders"].assignment.partitions;
  for (int32_t number = 0; number < 6; ++number) partitions[number] = {1, 2};
  for (const auto& [partition, replicas] : PlanBalance(cluster)) {
    EXPECT_NE(std::find(replicas.begin(), replicas.end(), 1), replicas.end());
  }
}

TEST(PlanBalanceTest, LeavesWhatIsUnderWayAlone) {
  Cluster cluster = metadata::SampleCluster();
  auto& topic = cluster.topics["orders"];
  for (int32_t number = 0; number < 12; ++number) {
    topic.assignment.partitions[number] = {1, 2};
    topic.assignment.adding[number] = {2};
  }
  EXPECT_THAT(PlanBalance(cluster), IsEmpty());
  topic.assignment.adding.clear();
  topic.marked_for_deletion = true;
  EXPECT_THAT(PlanBalance(cluster), IsEmpty());
}

}  // namespace
}  // namespace rookery::tools::reassign
