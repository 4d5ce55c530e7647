#include "broker-sim/controller/leader_selection.h"

#include <gtest/gtest.h>

namespace rookery::broker_sim {
namespace {

Context Live(std::vector<int32_t> ids, std::set<int32_t> shutting_down = {}) {
  Context context;
  for (const int32_t id : ids) context.live[id] = 1;
  context.shutting_down = std::move(shutting_down);
  return context;
}

Partition Of(kafka::Replicas replicas, kafka::Replicas isr, int32_t leader) {
  Partition partition;
  partition.replicas = std::move(replicas);
  partition.state.isr = std::move(isr);
  partition.state.leader = leader;
  partition.version = 0;
  return partition;
}

TEST(LeaderSelectionTest, OfflineTakesTheFirstReplicaThatLivesAndIsInSync) {
  const auto selected =
      SelectLeader(ElectionRule::kOffline, Of({1, 2, 3}, {3, 2, 1}, 1), Live({2, 3}));
  ASSERT_TRUE(selected.has_value());
  EXPECT_EQ(selected->leader, 2);
  EXPECT_EQ(selected->isr, (kafka::Replicas{3, 2}));
}

TEST(LeaderSelectionTest, OfflineLeavesAPartitionWithoutALeaderRatherThanLoseRecords) {
  const Partition partition = Of({1, 2}, {1}, 1);
  EXPECT_FALSE(SelectLeader(ElectionRule::kOffline, partition, Live({2})).has_value());
  const auto unclean = SelectLeader(ElectionRule::kOfflineUnclean, partition, Live({2}));
  ASSERT_TRUE(unclean.has_value());
  EXPECT_EQ(unclean->leader, 2);
  EXPECT_EQ(unclean->isr, kafka::Replicas{2});
  EXPECT_TRUE(unclean->recovering);
  EXPECT_FALSE(SelectLeader(ElectionRule::kOfflineUnclean, partition, Live({3})).has_value());
}

TEST(LeaderSelectionTest, ReassignTakesATargetAndKeepsTheIsr) {
  Partition partition = Of({4, 5, 1}, {1, 5}, 1);
  partition.adding = {4, 5};
  partition.removing = {1};
  const auto selected = SelectLeader(ElectionRule::kReassign, partition, Live({1, 4, 5}));
  ASSERT_TRUE(selected.has_value());
  EXPECT_EQ(selected->leader, 5);
  EXPECT_EQ(selected->isr, (kafka::Replicas{1, 5}));
}

TEST(LeaderSelectionTest, PreferredIsTheFirstReplicaOrNobody) {
  EXPECT_EQ(SelectLeader(ElectionRule::kPreferred, Of({1, 2}, {2, 1}, 2), Live({1, 2}))->leader, 1);
  EXPECT_FALSE(
      SelectLeader(ElectionRule::kPreferred, Of({1, 2}, {2}, 2), Live({1, 2})).has_value());
}

TEST(LeaderSelectionTest, ControlledShutdownMovesAwayAndLeavesTheIsr) {
  const auto selected = SelectLeader(ElectionRule::kControlledShutdown, Of({1, 2, 3}, {1, 2, 3}, 1),
                                     Live({1, 2, 3}, {1}));
  ASSERT_TRUE(selected.has_value());
  EXPECT_EQ(selected->leader, 2);
  EXPECT_EQ(selected->isr, (kafka::Replicas{2, 3}));
  EXPECT_FALSE(
      SelectLeader(ElectionRule::kControlledShutdown, Of({1, 2}, {1}, 1), Live({1, 2}, {1}))
          .has_value());
}

}  // namespace
}  // namespace rookery::broker_sim
