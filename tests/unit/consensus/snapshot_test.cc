// R0e and R4, and servers that are too far behind for the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/members.h"
#include "tests/unit/consensus/group.h"

namespace rookery::consensus {
namespace {

// Server `behind_` and the learner were down while the others wrote and trimmed their logs.
class BehindTest : public ::testing::Test {
 protected:
  BehindTest() : group_(3, 1) {
    for (EngineId id = 1; id <= 3; ++id) group_[id].options.tail_entries = 2;
    group_.StartAll();
    group_[kLearner].Kill();
    leader_ = group_.WaitForLeader();
    EXPECT_NE(leader_, 0u);
    behind_ = leader_ == 3 ? 2 : 3;
    third_ = 6 - leader_ - behind_;
    group_[behind_].Kill();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(group_.Write(absl::StrCat("line ", i)));
    EXPECT_TRUE(group_.WaitForEqual());
    group_[leader_].TakeCheckpoint();
    group_[third_].TakeCheckpoint();
    EXPECT_TRUE(group_.Write("after"));
  }
  static constexpr EngineId kLearner = 4;
  Group group_;
  EngineId leader_ = 0, behind_ = 0, third_ = 0;
};

TEST_F(BehindTest, GetsACheckpointAndGoesOnWithTheLog) {
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].installed == 1; }));
  ASSERT_TRUE(group_.WaitForEqual());
  EXPECT_EQ(group_[behind_].live.lines.size(), 21u);
  const LogContents log = *group_[behind_].log.Load();
  EXPECT_EQ(log.position.state_directory,
            absl::StrCat("state-checkpoint-", leader_, "-", log.position.index));
  EXPECT_EQ(*DecodeConfiguration(log.position.configuration), group_.founding);
}

TEST_F(BehindTest, GoesOnFromTheInstalledCheckpointAfterACrash) {
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.WaitForEqual());
  group_[behind_].Kill();
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.Write("again"));
  ASSERT_TRUE(group_.WaitForEqual());
  EXPECT_EQ(group_[behind_].live.lines.size(), 22u);
}

TEST_F(BehindTest, R0eLostOfferIsMadeAgainOnceTheWatchdogCallsItFailed) {
  int offers = 0;
  group_.on_send = [&](EngineId, EngineId, uint32_t kind, const std::string&) {
    return kind != RC_MSG_SNAPSHOT || ++offers > 1;
  };
  ASSERT_TRUE(group_[behind_].Start().ok());
  EXPECT_FALSE(group_.WaitForEqual(5'000'000));
  EXPECT_EQ(offers, 1);
  EXPECT_TRUE(group_.WaitForEqual(120'000'000));
  EXPECT_EQ(offers, 2);
}

TEST_F(BehindTest, R0eTransferThatBreaksWithTheConnectionIsTriedAgain) {
  group_[behind_].hold_fetch = true;
  ASSERT_TRUE(group_[behind_].Start().ok());
  group_.world.RunFor(500'000);
  group_[behind_].hold_fetch = false;
  group_[behind_].Kill();
  ASSERT_TRUE(group_[behind_].Start().ok());
  EXPECT_TRUE(group_.WaitForEqual(3'000'000));
}

TEST_F(BehindTest, R0eTransferThatFailsIsTriedAgain) {
  const std::map<std::string, State> made = std::exchange(group_[leader_].checkpoints, {});
  ASSERT_TRUE(group_[behind_].Start().ok());
  group_.world.RunFor(500'000);
  EXPECT_EQ(group_[behind_].installed, 0);
  group_[leader_].checkpoints = made;
  EXPECT_TRUE(group_.WaitForEqual(3'000'000));
}

TEST_F(BehindTest, R4InstallingServerDoesNotCampaign) {
  group_[behind_].hold_install = true;
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].held_install != nullptr; }));
  group_.Isolate(behind_);
  group_.world.RunFor(2'000'000);  // many election timeouts
  EXPECT_EQ(group_[behind_].raft->GetStatus().role, Role::kFollower);
  group_[behind_].held_install(absl::OkStatus());
  group_[behind_].hold_install = false;
  group_.HealAll();
  EXPECT_TRUE(group_.WaitForEqual());
}

TEST_F(BehindTest, WhatFollowsTheCheckpointIsInTheLogWheneverItComes) {
  group_[behind_].hold_install = true;
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].held_install != nullptr; }));
  ASSERT_TRUE(group_.Write("while it is installed"));
  group_.world.RunFor(50'000);
  group_[behind_].disk->stuck = true;
  group_[behind_].held_install(absl::OkStatus());
  ASSERT_TRUE(group_.Write("while that is written down"));
  group_.world.RunFor(50'000);
  group_[behind_].disk->SetFree();
  ASSERT_TRUE(group_.Write("later"));
  ASSERT_TRUE(group_.WaitForEqual());
  const LogContents log = *group_[behind_].log.Load();
  ASSERT_FALSE(log.records.empty());
  EXPECT_EQ(log.records.front().index, log.position.index + 1);
  EXPECT_EQ(log.last_index(), group_[leader_].raft->GetStatus().durable_index);
}

TEST_F(BehindTest, InstallingServerThatCrashesBeginsAgain) {
  group_[behind_].hold_install = true;
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].held_install != nullptr; }));
  group_[behind_].Kill();
  // The log still names the old state.
  EXPECT_EQ(group_[behind_].log.Load()->position.state_directory, "state");
  group_[behind_].hold_install = false;
  ASSERT_TRUE(group_[behind_].Start().ok());
  EXPECT_TRUE(group_.WaitForEqual());
}

TEST_F(BehindTest, LeaderWithoutACheckpointOfItsOwnMakesOneWhenAsked) {
  // Installing leaves a server with a checkpoint that has its maker's name only.
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.WaitForEqual());
  ASSERT_TRUE(group_[leader_].raft->Transfer(behind_).ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].Leads(); }));
  EXPECT_EQ(group_[behind_].checkpoints_wanted, 0);
  // The learner's log ends before this leader's begins.
  ASSERT_TRUE(group_[kLearner].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[kLearner].installed == 1; }, 3'000'000));
  EXPECT_GE(group_[behind_].checkpoints_wanted, 1);
  ASSERT_TRUE(group_.WaitForEqual());
  EXPECT_EQ(group_[kLearner].live.lines.size(), 21u);
}

TEST_F(BehindTest, AnIdleLeaderReplacesACheckpointThatWasFoundDamaged) {
  ASSERT_EQ(group_[leader_].checkpoints.size(), 1u);
  const std::string name = group_[leader_].checkpoints.begin()->first;
  group_[leader_].damaged.insert(name);
  ASSERT_TRUE(group_[behind_].Start().ok());
  ASSERT_TRUE(group_.world.RunUntil([&] { return group_[behind_].installed == 1; }, 3'000'000));
  EXPECT_EQ(group_[leader_].checkpoints_unusable, 1) << "one fetch was enough to know";
  EXPECT_FALSE(group_[leader_].checkpoints.contains(name));
  ASSERT_TRUE(group_.WaitForEqual());
  EXPECT_EQ(group_[behind_].live.lines.size(), 21u);
}

TEST_F(BehindTest, WhatIsSaidOfAnOlderCheckpointHarmsNoNewerOne) {
  const std::string name = group_[leader_].checkpoints.begin()->first;
  group_[leader_].TakeCheckpoint();
  group_[leader_].raft->OnCheckpointSent(behind_, name, absl::NotFoundError("dropped since"));
  group_[leader_].raft->OnCheckpointSent(behind_, group_[leader_].checkpoints.rbegin()->first,
                                         absl::AbortedError("the receiver's disk is full"));
  group_.world.RunFor(1'000'000);
  EXPECT_EQ(group_[leader_].checkpoints_unusable, 0);
}

TEST_F(BehindTest, LogKeepsOnlyATailBehindTheCheckpoint) {
  const uint64_t first = group_[leader_].raft->GetStatus().first_index;
  EXPECT_GT(first, 15u);
  group_.world.RunFor(10'000);
  EXPECT_EQ(group_[leader_].log.Load()->records.front().index, first);
}

// A server that has written 20 lines, what stood after 10 of them, and where its log begins.
class TrimTest : public ::testing::Test {
 protected:
  TrimTest() : group_(1) {
    group_[1].options.tail_entries = 1;
    group_.StartAll();
    EXPECT_NE(group_.WaitForLeader(), 0u);
    for (int i = 0; i < 20; ++i) {
      if (i == 10) half_ = ManifestOfNow();
      EXPECT_TRUE(group_.Write(absl::StrCat("line ", i)));
    }
    begin_ = FirstIndex();
  }
  Manifest ManifestOfNow() {
    const State& live = group_[1].live;
    return {.index = live.index,
            .term = live.term,
            .configuration = live.configuration,
            .name = absl::StrCat("checkpoint-1-", live.index)};
  }
  uint64_t FirstIndex() { return group_[1].raft->GetStatus().first_index; }

  Group group_;
  Manifest half_;
  uint64_t begin_ = 0;
};

TEST_F(TrimTest, NothingAboveTheLastFlushLeavesTheLog) {
  group_[1].raft->CheckpointTaken(ManifestOfNow());
  EXPECT_EQ(FirstIndex(), begin_) << "nothing was flushed yet";
  group_[1].raft->StateFlushed(half_.index);
  EXPECT_EQ(FirstIndex(), half_.index - 1) << "the tail is one entry before it";
}

TEST_F(TrimTest, NothingAboveTheNewestCheckpointLeavesTheLog) {
  group_[1].raft->StateFlushed(group_[1].live.index);
  EXPECT_EQ(FirstIndex(), begin_) << "there is no checkpoint yet";
  group_[1].raft->CheckpointTaken(half_);
  EXPECT_EQ(FirstIndex(), half_.index - 1);
}

}  // namespace
}  // namespace rookery::consensus
