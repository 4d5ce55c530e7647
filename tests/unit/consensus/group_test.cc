// A group that elects, replicates, restarts: nothing goes wrong here but processes.
#include "tests/unit/consensus/group.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rookery::consensus {
namespace {

TEST(GroupTest, LoneServerLeadsAtOnceAndGoesOnAfterARestart) {
  Group group(1);
  group.StartAll();
  ASSERT_EQ(group.WaitForLeader(5'000), 1u);
  ASSERT_TRUE(group.Write("a"));
  group[1].Kill();
  group.StartAll();
  ASSERT_EQ(group.WaitForLeader(5'000), 1u);
  ASSERT_TRUE(group.Write("b"));
  EXPECT_EQ(group[1].live.lines, (std::vector<std::string>{"a", "b"}));
}

TEST(GroupTest, ThreeServersElectWithoutWaitingForATimeoutAndApplyTheSame) {
  Group group(3);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(20'000), 0u);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(group.Write(absl::StrCat("line ", i)));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[1].live.lines.size(), 50u);
}

TEST(GroupTest, EverythingAcknowledgedSurvivesThePowerFailureOfAllServers) {
  Group group(3);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(group.Write(absl::StrCat("line ", i)));
  for (EngineId id = 1; id <= 3; ++id) group[id].Kill();
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[2].live.lines.size(), 20u);
}

TEST(GroupTest, LateStarterCatchesUp) {
  Group group(3);
  ASSERT_TRUE(group[1].Start().ok());
  ASSERT_TRUE(group[2].Start().ok());
  ASSERT_NE(group.WaitForLeader(), 0u);
  ASSERT_TRUE(group.Write("early"));
  ASSERT_TRUE(group[3].Start().ok());
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[3].live.lines, (std::vector<std::string>{"early"}));
}

TEST(GroupTest, ServersExchangeTheirOwnMessages) {
  Group group(2);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  EXPECT_TRUE(group[1].raft->SendToPeer(2, "report"));
  EXPECT_TRUE(group.world.RunUntil([&] { return !group[2].peer_messages.empty(); }));
  EXPECT_EQ(group[2].peer_messages, (std::vector<std::string>{"1:report"}));
  group.Cut(1, 2);
  EXPECT_FALSE(group[1].raft->SendToPeer(2, "report"));
}

TEST(GroupTest, StatusNamesLeaderPeersAndPositions) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  ASSERT_TRUE(group.Write("a"));
  ASSERT_TRUE(group.WaitForEqual());
  const Status status = group[leader].raft->GetStatus();
  EXPECT_EQ(status.leader, leader);
  EXPECT_EQ(status.role, Role::kLeader);
  EXPECT_EQ(status.commit_index, 3u);  // founding, leader started, a
  EXPECT_EQ(status.durable_index, 3u);
  ASSERT_EQ(status.peers.size(), 2u);
  for (const Status::Peer& peer : status.peers) {
    EXPECT_TRUE(peer.connected);
    EXPECT_EQ(peer.matched_index, 3u);
  }
  EXPECT_EQ(status.configuration, group.founding);
}

}  // namespace
}  // namespace rookery::consensus
