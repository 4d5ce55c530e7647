#include <gtest/gtest.h>

#include "coordinator/consensus/raft/barriers.h"
#include "tests/unit/consensus/group.h"

namespace rookery::consensus {
namespace {

TEST(BarrierTest, EveryServerLearnsWhatWasCommittedBeforeItAsked) {
  Group group(3, 1);
  group.StartAll();
  ASSERT_NE(group.WaitForLeader(), 0u);
  ASSERT_TRUE(group.Write("a"));
  for (EngineId id = 1; id <= 4; ++id) {
    ASSERT_TRUE(group.world.RunUntil([&] { return group[id].raft->GetStatus().leader != 0; }));
    group[id].AskBarrier(1'000'000);
    ASSERT_TRUE(group.world.RunUntil([&] { return !group[id].barriers.empty(); }, 10'000)) << id;
    ASSERT_TRUE(group[id].barriers[0].ok());
    EXPECT_GE(*group[id].barriers[0], 3u) << "a has index 3";
  }
}

TEST(BarrierTest, EndsAtItsDeadlineWhereNoLeaderAnswers) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId asks = leader == 1 ? 2 : 1;
  group.Isolate(asks);
  const int64_t begun_us = group.world.NowUs();
  group[asks].AskBarrier(300'000);
  ASSERT_TRUE(group.world.RunUntil([&] { return !group[asks].barriers.empty(); }));
  EXPECT_TRUE(absl::IsDeadlineExceeded(group[asks].barriers[0].status()));
  EXPECT_GE(group.world.NowUs() - begun_us, 300'000);
  EXPECT_LE(group.world.NowUs() - begun_us, 320'000);
}

TEST(BarrierTest, IsAskedAgainWhenTheQuestionOrTheLeaderIsLost) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  const EngineId asks = leader == 1 ? 2 : 1;
  ASSERT_TRUE(group.WaitForEqual());
  int lost = 0;
  group.on_send = [&](EngineId, EngineId, uint32_t kind, const std::string&) {
    return kind != RC_MSG_READ_INDEX || ++lost > 1;
  };
  group[asks].AskBarrier(1'000'000);
  ASSERT_TRUE(group.world.RunUntil([&] { return !group[asks].barriers.empty(); }, 200'000));
  EXPECT_TRUE(group[asks].barriers[0].ok());
  EXPECT_EQ(lost, 2);
  group[asks].AskBarrier(1'000'000);
  group[leader].Kill();
  ASSERT_TRUE(group.world.RunUntil([&] { return group[asks].barriers.size() == 2; }, 500'000));
  EXPECT_TRUE(group[asks].barriers[1].ok());
}

TEST(BarrierTest, LeaderThatIsCutOffAnswersNobody) {
  Group group(3);
  group.StartAll();
  const EngineId leader = group.WaitForLeader();
  ASSERT_TRUE(group.WaitForEqual());
  group.Isolate(leader);
  group[leader].AskBarrier(50'000);
  group.world.RunUntil([&] { return !group[leader].barriers.empty(); });
  ASSERT_EQ(group[leader].barriers.size(), 1u);
  EXPECT_FALSE(group[leader].barriers[0].ok());
}

class BarriersTest : public ::testing::Test {
 protected:
  Barriers Make() {
    return Barriers(7, 70, 1000, [this](const std::string& context) {
      if (has_leader_) asked_.push_back(context);
      return has_leader_;
    });
  }
  Barriers::Done Note(std::string name) {
    return [this, name](absl::StatusOr<uint64_t> index) {
      done_.push_back(name + (index.ok() ? std::to_string(*index) : " late"));
    };
  }
  void Finish(Barriers& barriers) {
    for (auto& one : barriers.TakeFinished()) one.done(std::move(one.result));
  }
  bool has_leader_ = true;
  std::vector<std::string> asked_, done_;
};

TEST_F(BarriersTest, RequestInFlightServesNobodyWhoAskedAfterItBegan) {
  Barriers barriers = Make();
  barriers.Add(10'000, Note("a"));
  barriers.AskNow(0);
  barriers.Add(10'000, Note("b"));
  barriers.AskNow(1);
  ASSERT_EQ(asked_.size(), 1u);
  barriers.OnAnswer(asked_[0], 5, 2);
  Finish(barriers);
  EXPECT_EQ(done_, (std::vector<std::string>{"a5"}));
  ASSERT_EQ(asked_.size(), 2u);
  barriers.OnAnswer(asked_[1], 6, 3);
  Finish(barriers);
  EXPECT_EQ(done_, (std::vector<std::string>{"a5", "b6"}));
}

TEST_F(BarriersTest, LateAnswerToAnEarlierTryStillCounts) {
  Barriers barriers = Make();
  barriers.Add(100'000, Note("a"));
  barriers.AskNow(0);
  barriers.OnTick(1500);
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_NE(asked_[0], asked_[1]);
  barriers.OnAnswer(asked_[0], 5, 1600);
  Finish(barriers);
  EXPECT_EQ(done_, (std::vector<std::string>{"a5"}));
}

TEST_F(BarriersTest, WaitsForALeaderAndIgnoresAnswersOfAnotherBoot) {
  has_leader_ = false;
  Barriers barriers = Make();
  barriers.Add(10'000, Note("a"));
  barriers.AskNow(0);
  EXPECT_TRUE(asked_.empty());
  has_leader_ = true;
  barriers.OnTick(10);
  ASSERT_EQ(asked_.size(), 1u);
  std::string other = asked_[0];
  other[8] = 71;  // the boot id
  barriers.OnAnswer(other, 5, 20);
  Finish(barriers);
  EXPECT_TRUE(done_.empty());
  barriers.OnTick(20'000);
  Finish(barriers);
  EXPECT_EQ(done_, (std::vector<std::string>{"a late"}));
}

}  // namespace
}  // namespace rookery::consensus
