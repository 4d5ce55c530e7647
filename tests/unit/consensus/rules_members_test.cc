// R3 and R8, and the changes of members at the interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/raft/engine.h"
#include "tests/unit/consensus/group.h"

namespace rookery::consensus {
namespace {

using Kind = MemberChange::Kind;

TEST(RulesTest, R3LeaderThatAppliedItsOwnRemovalStepsDownAndAnswersNoReads) {
  // Server 1 proposes to remove server 2 and dies; server 2 has the longest log, so it must lead to
  // commit that.
  Group group(3);
  ASSERT_TRUE(group[1].Start().ok());
  group.world.RunFor(1'000);
  group.StartAll();
  EngineId first = group.WaitForLeader();
  ASSERT_NE(first, 0u);
  ASSERT_TRUE(group.WaitForEqual());
  const EngineId removed = first == 2 ? 3 : 2;
  const EngineId other = 6 - first - removed;
  group.on_send = [&](EngineId from, EngineId to, uint32_t kind, const std::string&) {
    // The entry reaches only the one whom it removes, and no answer comes back.
    return !(kind == RC_MSG_APPEND && from == first && to == other) &&
           !(kind == RC_MSG_APPEND_RESPONSE && to == first);
  };
  ASSERT_TRUE(group[first].raft->ChangeMembers({{Kind::kRemove, removed}}, "gone").ok());
  group.world.RunFor(20'000);
  group[first].Kill();
  group.on_send = nullptr;
  ASSERT_TRUE(
      group.world.RunUntil([&] { return !group[removed].configurations.empty(); }, 5'000'000));
  EXPECT_FALSE(group[removed].configurations.back().Contains(removed));
  EXPECT_NE(group[removed].raft->GetStatus().role, Role::kLeader);
  group.Isolate(removed);
  group[removed].AskBarrier(300'000);
  group.world.RunUntil([&] { return !group[removed].barriers.empty(); });
  ASSERT_EQ(group[removed].barriers.size(), 1u);
  EXPECT_TRUE(absl::IsDeadlineExceeded(group[removed].barriers[0].status()));
}

TEST(RulesTest, R7ImpossibleChangeInTheLogChangesNothing) {
  Group group(1);
  // ConfChangeV2{changes: [{remove node 1}]}: the only voter, whom nothing could bring back.
  const LogRecord record{
      .index = 2, .term = 1, .kind = RC_ENTRY_CONF_V2, .data = "\x12\x04\x08\x01\x10\x01"};
  ASSERT_TRUE(group[1].log.Write({{.hard_state = HardState{1, 1, 1}, .records = {record}}}).ok());
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  EXPECT_TRUE(group.Write("a"));
  ASSERT_EQ(group[1].configurations.size(), 1u);
  EXPECT_EQ(group[1].live.configuration, (Configuration{.voters = {1}}));
}

TEST(RulesTest, R8LeaderLeavesAJointConfigurationThatNobodyLeft) {
  Group group(2);
  const Configuration joint{.voters = {1, 2}, .outgoing = {1}};  // to be left explicitly
  for (EngineId id = 1; id <= 2; ++id) {
    group[id].flushed.configuration = joint;
  }
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  ASSERT_TRUE(group.world.RunUntil(
      [&] { return !group[1].configurations.empty() && !group[2].configurations.empty(); }));
  EXPECT_EQ(group[1].configurations.back(), (Configuration{.voters = {1, 2}}));
  EXPECT_TRUE(group.Write("a"));
}

TEST(MembersTest, R6OneServerGrowsToTwoThoughItsOldCheckpointDoesNotKnowTheNewOne) {
  Group group(1);
  group[1].options.tail_entries = 1;
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(group.Write(absl::StrCat(i)));
  group[1].TakeCheckpoint();
  ASSERT_GT(group[1].raft->GetStatus().first_index, 5u);
  ASSERT_TRUE(group.AddEmpty(2).Start().ok());
  ASSERT_TRUE(group[1].raft->ChangeMembers({{Kind::kAddVoter, 2}}, "row 2").ok());
  ASSERT_TRUE(group.world.RunUntil([&] { return group[2].installed == 1; }, 5'000'000));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_GE(group[1].checkpoints_wanted, 1);
  EXPECT_EQ(group[2].live.configuration, (Configuration{.voters = {1, 2}}));
  EXPECT_TRUE(group.Write("both"));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[2].live.lines.size(), 11u);
}

TEST(MembersTest, LearnerIsAddedPromotedAndRemoved) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  ASSERT_TRUE(group.Write("a"));
  ASSERT_TRUE(group.AddEmpty(4).Start().ok());
  ASSERT_TRUE(group[leader].raft->ChangeMembers({{Kind::kAddLearner, 4}}, "row 4").ok());
  ASSERT_TRUE(group.world.RunUntil([&] { return group[4].live.configuration.Contains(4); }));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[4].live.lines, (std::vector<std::string>{"a"}));
  ASSERT_TRUE(group.world.RunUntil(
      [&] { return group[leader].raft->ChangeMembers({{Kind::kAddVoter, 4}}, "").ok(); }));
  ASSERT_TRUE(group.world.RunUntil([&] { return group[4].live.configuration.IsVoter(4); }));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[leader].live.configuration.voters, (std::vector<EngineId>{1, 2, 3, 4}));
  ASSERT_TRUE(group[leader].raft->ChangeMembers({{Kind::kRemove, 4}}, "").ok());
  ASSERT_TRUE(
      group.world.RunUntil([&] { return group[leader].live.configuration == group.founding; }));
  group[4].Kill();
  EXPECT_TRUE(group.Write("b"));
}

TEST(MembersTest, ANewcomerIsElectedByAVoterThatDoesNotKnowItYet) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId behind = leader == 1 ? 2 : 1;
  const EngineId other = 6 - leader - behind;
  ASSERT_TRUE(group.Write("a"));
  ASSERT_TRUE(group.WaitForEqual());
  group[behind].Kill();
  ASSERT_TRUE(group.AddEmpty(4).Start().ok());
  ASSERT_TRUE(group[leader].raft->ChangeMembers({{Kind::kAddLearner, 4}}, "row 4").ok());
  ASSERT_TRUE(group.world.RunUntil([&] { return group[4].live.configuration.Contains(4); }));
  ASSERT_TRUE(group.world.RunUntil(
      [&] { return group[leader].raft->ChangeMembers({{Kind::kAddVoter, 4}}, "").ok(); }));
  ASSERT_TRUE(group.world.RunUntil([&] { return group[other].live.configuration.IsVoter(4); }));
  ASSERT_TRUE(group.WaitForEqual());
  // The last entry is on the newcomer and on the leader, who is lost for ever.
  group.on_send = [&](EngineId, EngineId to, uint32_t kind, const std::string&) {
    return kind != RC_MSG_APPEND || to != other;
  };
  ASSERT_EQ(group[leader].raft->Propose("b"), ProposeResult::kAccepted);
  group.world.RunFor(20'000);
  group[leader].Kill();
  ASSERT_TRUE(group[behind].Start().ok());
  ASSERT_FALSE(group[behind].live.configuration.Contains(4));
  group.on_send = nullptr;
  // Three of the four voters are there; only the newcomer has the whole log.
  ASSERT_EQ(group.WaitForLeader(), 4u);
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_EQ(group[behind].live.lines, (std::vector<std::string>{"a", "b"}));
}

TEST(MembersTest, ReplacementIsOneJointChangeThatEndsByItself) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId leaves = leader == 3 ? 2 : 3;
  ASSERT_TRUE(group.AddEmpty(4).Start().ok());
  ASSERT_TRUE(group[leader].raft->ChangeMembers({{Kind::kAddLearner, 4}}, "").ok());
  ASSERT_TRUE(group.WaitForEqual());
  ASSERT_TRUE(group.world.RunUntil([&] {
    return group[leader]
        .raft->ChangeMembers({{Kind::kAddVoter, 4}, {Kind::kRemove, leaves}}, "both")
        .ok();
  }));
  ASSERT_TRUE(group.world.RunUntil([&] {
    const Configuration& now = group[leader].live.configuration;
    return now.outgoing.empty() && now.IsVoter(4) && !now.Contains(leaves);
  }));
  const auto& seen = group[leader].configurations;
  ASSERT_GE(seen.size(), 3u);
  EXPECT_FALSE(seen[seen.size() - 2].outgoing.empty());
}

TEST(MembersTest, RefusalsSayWhatIsInTheWay) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId follower = leader == 1 ? 2 : 1;
  RaftConsensus& raft = *group[leader].raft;
  EXPECT_THAT(group[follower].raft->ChangeMembers({{Kind::kRemove, leader}}, "").message(),
              ::testing::HasSubstr(absl::StrCat("ask server ", leader)));
  EXPECT_THAT(raft.ChangeMembers({{Kind::kRemove, leader}}, "").message(),
              ::testing::HasSubstr("transfer leadership first"));
  EXPECT_THAT(raft.ChangeMembers({{Kind::kRemove, 9}}, "").message(),
              ::testing::HasSubstr("no member 9"));
  ASSERT_TRUE(raft.ChangeMembers({{Kind::kAddLearner, 9}}, "").ok());
  EXPECT_THAT(raft.ChangeMembers({{Kind::kAddLearner, 8}}, "").message(),
              ::testing::HasSubstr("not applied yet"));
  ASSERT_TRUE(group.world.RunUntil([&] { return !group[leader].configurations.empty(); }));
  EXPECT_THAT(raft.ChangeMembers({{Kind::kAddVoter, 9}}, "").message(),
              ::testing::HasSubstr("let it catch up"));
}

TEST(TransferTest, HandsLeadershipToTheNamedVoter) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId to = leader == 3 ? 1 : 3;
  ASSERT_TRUE(group.Write("a"));
  ASSERT_TRUE(group.WaitForEqual());
  ASSERT_TRUE(group[leader].raft->Transfer(to).ok());
  EXPECT_TRUE(group.world.RunUntil([&] { return group[to].Leads(); }, 50'000));
  group[leader].Kill();
  group.world.RunFor(1'000);
  EXPECT_THAT(group[to].raft->Transfer(leader).message(), ::testing::HasSubstr("not connected"));
  EXPECT_THAT(group[to].raft->Transfer(7).message(), ::testing::HasSubstr("no voter"));
}

}  // namespace
}  // namespace rookery::consensus
