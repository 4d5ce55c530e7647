// R0a to R0d, R1 and R2 of coordinator/consensus/raftrs/RULES.md: nothing is said before it is
// durable. Each test fails when the loop breaks its rule.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/raft/engine.h"
#include "tests/unit/consensus/group.h"

namespace rookery::consensus {
namespace {

// Server 1 leads, 2 follows, 3 is down: every commit needs the disks of both 1 and 2.
class TwoDisksTest : public ::testing::Test {
 protected:
  TwoDisksTest() : group_(3) {
    EXPECT_TRUE(group_[1].Start().ok());
    EXPECT_TRUE(group_[2].Start().ok());
    leader_ = group_.WaitForLeader();
    EXPECT_NE(leader_, 0u);
    follower_ = 3 - leader_;
    EXPECT_TRUE(group_.WaitForEqual());
  }
  bool IsApplied(const std::string& line) {
    const auto& lines = group_[leader_].live.lines;
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }
  // Less than an election timeout, or the leader would step down for want of a quorum.
  bool IsAppliedSoon(const std::string& line) {
    return group_.world.RunUntil([&] { return IsApplied(line); }, 60'000);
  }

  Group group_;
  EngineId leader_ = 0;
  EngineId follower_ = 0;
};

TEST_F(TwoDisksTest, R0aFollowerAcknowledgesOnlyWhatItsDiskHolds) {
  group_[follower_].disk->stuck = true;
  ASSERT_EQ(group_[leader_].raft->Propose("a"), ProposeResult::kAccepted);
  EXPECT_FALSE(IsAppliedSoon("a"));
  group_[follower_].disk->SetFree();
  EXPECT_TRUE(IsAppliedSoon("a"));
}

TEST_F(TwoDisksTest, R0cRepeatedAppendIsNotAcknowledgedBeforeTheFirstIsOnDisk) {
  std::vector<std::string> appends;
  group_.on_send = [&](EngineId from, EngineId to, uint32_t kind, const std::string& bytes) {
    if (kind == RC_MSG_APPEND && to == follower_) appends.push_back(bytes);
    return true;
  };
  group_[follower_].disk->stuck = true;
  ASSERT_EQ(group_[leader_].raft->Propose("a"), ProposeResult::kAccepted);
  EXPECT_FALSE(IsAppliedSoon("a"));
  ASSERT_FALSE(appends.empty());
  auto* follower = dynamic_cast<PeersListener*>(group_[follower_].raft.get());
  ASSERT_NE(follower, nullptr);
  for (const std::string& append : appends) follower->OnEngineMessage(leader_, append);
  EXPECT_FALSE(group_.world.RunUntil([&] { return IsApplied("a"); }, 20'000));
  group_[follower_].disk->SetFree();
  EXPECT_TRUE(IsAppliedSoon("a"));
}

TEST_F(TwoDisksTest, R0dLeaderCountsItselfOnlyOnceItsDiskHoldsTheEntry) {
  group_[leader_].disk->stuck = true;
  ASSERT_EQ(group_[leader_].raft->Propose("a"), ProposeResult::kAccepted);
  EXPECT_FALSE(IsAppliedSoon("a"));
  group_[leader_].disk->SetFree();
  EXPECT_TRUE(IsAppliedSoon("a"));
}

uint64_t TermOf(const std::string& message) {
  uint64_t from = 0, to = 0, term = 0;
  uint32_t kind = 0;
  EXPECT_EQ(rc_peek(ViewOf(message), &from, &to, &kind, &term), RC_OK);
  return term;
}

TEST(RulesTest, R0bNoVoteLeavesBeforeTermAndVoteAreOnDisk) {
  Group group(3);
  int votes = 0;
  group.on_send = [&](EngineId from, EngineId to, uint32_t kind, const std::string& bytes) {
    if (kind != RC_MSG_VOTE && kind != RC_MSG_VOTE_RESPONSE) return true;
    const HardState synced = group[from].log.LoadSynced().hard_state;
    EXPECT_GE(synced.term, TermOf(bytes));
    EXPECT_NE(synced.vote, 0u);
    ++votes;
    return true;
  };
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  EXPECT_GE(votes, 3);
}

TEST(RulesTest, R0bVoteSurvivesACrashRightAfterIt) {
  Group group(3);
  EngineId voter = 0;
  group.on_send = [&](EngineId from, EngineId to, uint32_t kind, const std::string& bytes) {
    if (kind == RC_MSG_VOTE_RESPONSE && voter == 0) voter = from;
    return true;
  };
  group.StartAll();
  ASSERT_TRUE(group.world.RunUntil([&] { return voter != 0; }));
  const uint64_t term = group[voter].raft->GetStatus().term;
  group[voter].Kill();
  const HardState left = group[voter].log.Load()->hard_state;
  EXPECT_EQ(left.term, term);
  EXPECT_NE(left.vote, 0u);
  ASSERT_TRUE(group[voter].Start().ok());
  EXPECT_GE(group[voter].raft->GetStatus().term, term);
}

// Answers to heartbeats need no entry on disk, but the term that they speak for.
TEST(RulesTest, R0bNoHeartbeatIsAnsweredBeforeTheTermIsOnDisk) {
  Group group(3);
  ASSERT_TRUE(group[1].Start().ok());
  ASSERT_TRUE(group[2].Start().ok());
  const EngineId leader = group.WaitForLeader();
  ASSERT_NE(leader, 0u);
  int answers = 0;
  group.on_send = [&](EngineId from, EngineId, uint32_t kind, const std::string& bytes) {
    if (from == 3 && kind == RC_MSG_HEARTBEAT_RESPONSE) ++answers;
    return true;
  };
  ASSERT_TRUE(group[3].Start().ok());
  group[3].disk->stuck = true;
  ASSERT_TRUE(group.world.RunUntil([&] { return group[3].raft->GetStatus().leader == leader; }));
  group.world.RunFor(200'000);
  EXPECT_EQ(answers, 0);
  group[3].disk->SetFree();
  group.world.RunFor(200'000);
  EXPECT_GT(answers, 0);
}

TEST(RulesTest, R1LoneVoterFeedsNobodyBeforeItsTermIsOnDisk) {
  Group group(1, 1);
  int sent = 0;
  group.on_send = [&](EngineId from, EngineId, uint32_t kind, const std::string& bytes) {
    if (from != 1) return true;
    ++sent;
    EXPECT_GE(group[1].log.LoadSynced().hard_state.term, TermOf(bytes)) << "message " << kind;
    return true;
  };
  group.StartAll();
  group[1].disk->stuck = true;
  ASSERT_TRUE(
      group.world.RunUntil([&] { return group[1].raft->GetStatus().term == 2; }, 1'000'000));
  group.world.RunFor(200'000);
  EXPECT_EQ(sent, 0);
  group[1].disk->SetFree();
  ASSERT_TRUE(group.Write("a"));
  ASSERT_TRUE(group.WaitForEqual());
  EXPECT_GT(sent, 0);
  EXPECT_EQ(group[2].live.lines, (std::vector<std::string>{"a"}));
}

TEST(RulesTest, R2BootsWithACommitIndexThatWasLost) {
  Group group(1);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(group.Write(absl::StrCat(i)));
  group[1].Flush();
  group[1].Kill();
  HardState hard_state = group[1].log.Load()->hard_state;
  ASSERT_GT(group[1].flushed.index, 1u);
  hard_state.commit = 1;
  ASSERT_TRUE(group[1].log.Write({{.hard_state = hard_state}}).ok());
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  EXPECT_EQ(group[1].live.lines.size(), 5u);
}

TEST(TornLogTest, ServerWhoseLogLostItsEndDoesNotStart) {
  Group group(3);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(group.Write(absl::StrCat(i)));
  ASSERT_TRUE(group.WaitForEqual());
  group[1].Kill();
  const LogContents log = *group[1].log.Load();
  ASSERT_GE(log.records.size(), 2u);
  // Written over by its last but one record, the log ends there.
  ASSERT_TRUE(group[1].log.Write({{.records = {log.records[log.records.size() - 2]}}}).ok());
  const absl::Status status = group[1].Start();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_NE(status.message().find("/data/log"), std::string::npos);
  EXPECT_NE(status.message().find("rookery ensemble rejoin"), std::string::npos);
  EXPECT_FALSE(group[1].up());
}

TEST(TornLogTest, ServerWhoseStateIsOlderThanItsLogDoesNotStart) {
  Group group(1);
  group[1].options.tail_entries = 1;
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(group.Write(absl::StrCat(i)));
  const State old = group[1].flushed;
  group[1].TakeCheckpoint();
  group.world.RunFor(10'000);
  group[1].Kill();
  group[1].flushed = old;
  const absl::Status status = group[1].Start();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_NE(status.message().find("the state stands at 1"), std::string::npos) << status;
}

}  // namespace
}  // namespace rookery::consensus
