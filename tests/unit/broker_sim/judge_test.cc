#include "broker-sim/check/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::broker_sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> ViolationsOf(const Judge& judge, const std::string& rule) {
  for (const Judge::Rule& one : judge.Rules()) {
    if (one.name == rule) return one.violations;
  }
  ADD_FAILURE() << "no rule " << rule;
  return {};
}

kafka::PartitionState State(int32_t leader, int32_t controller_epoch, kafka::Replicas isr,
                            int32_t leader_epoch = 0) {
  return {.leader = leader,
          .leader_epoch = leader_epoch,
          .controller_epoch = controller_epoch,
          .isr = std::move(isr)};
}

TEST(JudgeTest, FindsNothingInAGoodCluster) {
  Judge judge(nullptr);
  judge.OnElected(1, 1, 100);
  judge.OnControllerEpoch(1, 100);
  judge.OnState("t", 0, std::nullopt, State(1, 1, {1, 2}), 110);
  judge.OnElected(2, 2, 120);
  judge.OnState("t", 0, std::nullopt, State(2, 2, {2}, 1), 130);
  judge.OnState("t", 0, std::nullopt, State(-1, 2, {2}, 2), 140);  // led by nobody is not a lie
  for (const Judge::Rule& rule : judge.Rules()) EXPECT_THAT(rule.violations, IsEmpty());
}

TEST(JudgeTest, FindsAWriteBehindTheNextElectionWhicheverIsSeenFirst) {
  Judge judge(nullptr);
  judge.OnElected(1, 1, 100);
  judge.OnState("t", 0, std::nullopt, State(1, 1, {1}), 130);
  EXPECT_THAT(ViolationsOf(judge, "no write by a fenced controller"), IsEmpty());
  judge.OnControllerEpoch(2, 120);
  EXPECT_THAT(ViolationsOf(judge, "no write by a fenced controller"),
              ElementsAre(HasSubstr("t-0 was written under controller epoch 1")));
}

TEST(JudgeTest, FindsTwoControllersOfOneEpoch) {
  Judge judge(nullptr);
  judge.OnElected(1, 7, 100);
  judge.OnElected(2, 7, 100);
  EXPECT_THAT(ViolationsOf(judge, "one controller per epoch"),
              ElementsAre("brokers 1 and 2 both hold controller epoch 7"));
  judge.OnControllerEpoch(7, 140);
  EXPECT_EQ(ViolationsOf(judge, "one controller per epoch").size(), 2u);
}

TEST(JudgeTest, FindsALeaderOutOfSyncAndALeaderEpochThatWentBack) {
  Judge judge(nullptr);
  judge.OnState("t", 0, std::nullopt, State(3, 1, {1, 2}, 5), 110);
  judge.OnState("t", 0, std::nullopt, State(1, 1, {1, 2}, 4), 120);
  EXPECT_THAT(ViolationsOf(judge, "every leader is in sync"),
              ElementsAre("t-0 is led by 3, but in sync are 1,2"));
  EXPECT_THAT(ViolationsOf(judge, "leader epochs only grow"),
              ElementsAre("t-0 went from leader epoch 5 to 4"));
}

TEST(JudgeTest, ATopicThatIsMadeAnewBeginsAnew) {
  Judge judge(nullptr);
  judge.OnState("t", 0, std::nullopt, State(1, 1, {1}, 5), 110);
  judge.OnTopic("t", false);
  judge.OnState("t", 0, std::nullopt, State(1, 1, {1}, 0), 120);
  EXPECT_THAT(ViolationsOf(judge, "leader epochs only grow"), IsEmpty());
}

}  // namespace
}  // namespace rookery::broker_sim
