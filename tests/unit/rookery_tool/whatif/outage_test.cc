#include "tools/rookery/whatif/outage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rookery_tool/metadata/sample_cluster.h"

namespace rookery::tools::whatif {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(OutageTest, OneBrokerLessMovesItsLeadersAndFallsUnderMinIsr) {
  const Outage outage = Without(metadata::SampleCluster(), {3});
  EXPECT_THAT(outage.leaderless, IsEmpty());
  EXPECT_THAT(outage.moved, ElementsAre("orders-2 (3 -> 1)"));
  EXPECT_THAT(outage.under_min_isr, ElementsAre("orders-1 (1 of 2)", "orders-2 (1 of 2)"));
  EXPECT_EQ(outage.under_replicated, 2u);
  EXPECT_THAT(outage.leaders_after, ElementsAre(Pair(1, 2), Pair(2, 1)));
}

TEST(OutageTest, APartitionWithoutAnybodyInSyncHasNoLeader) {
  metadata::Cluster cluster = metadata::SampleCluster();
  cluster.topics["orders"].states[2].isr = {3};  // broker 1 is behind
  EXPECT_THAT(Without(cluster, {3}).leaderless, ElementsAre("orders-2"));
  EXPECT_THAT(Without(metadata::SampleCluster(), {1, 2}).leaderless, ElementsAre("orders-0"));
}

TEST(OutageTest, WhatIsSoAlreadyDoesNotCount) {
  metadata::Cluster cluster = metadata::SampleCluster();
  cluster.topics["orders"].states[1].isr = {2};  // under min ISR already
  cluster.topics["orders"].states[2].leader = -1;
  const Outage outage = Without(cluster, {3});
  EXPECT_THAT(outage.under_min_isr, IsEmpty());
  EXPECT_THAT(outage.leaderless, IsEmpty());
}

}  // namespace
}  // namespace rookery::tools::whatif
