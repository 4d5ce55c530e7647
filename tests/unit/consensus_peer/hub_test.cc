#include "coordinator/consensus/peer/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HubTest : public ::testing::Test {
 protected:
  void StartBoth() {
    ASSERT_TRUE(one.Start().ok());
    ASSERT_TRUE(two.Start().ok());
    ASSERT_TRUE(world.RunUntil(
        [&] { return one.ears.Count("connected 2") == 1 && two.ears.Count("connected 1") == 1; }));
    one.ears.heard.clear();
    two.ears.heard.clear();
  }
  bool Connected() { return one.hub->IsConnected(2) && two.hub->IsConnected(1); }

  World world;
  Server one{&world, 1, Founders(2)};
  Server two{&world, 2, Founders(2)};
};

TEST_F(HubTest, ConnectsBothWaysAndKeepsTheOrderOfMessages) {
  StartBoth();
  EXPECT_TRUE(one.hub->SendEngineMessage(2, "a"));
  EXPECT_TRUE(one.hub->SendApplicationMessage(2, "b"));
  EXPECT_TRUE(one.hub->SendEngineMessage(2, "c"));
  EXPECT_TRUE(two.hub->SendApplicationMessage(1, "d"));
  world.RunFor(1000);
  EXPECT_THAT(two.ears.heard, ElementsAre("engine 1 a", "application 1 b", "engine 1 c"));
  EXPECT_THAT(one.ears.heard, ElementsAre("application 2 d"));
}

TEST_F(HubTest, TellsOfTheConnectionBeforeAnyMessageOfTheServer) {
  ASSERT_TRUE(one.Start().ok());
  ASSERT_TRUE(two.Start().ok());
  bool sent = false;
  ASSERT_TRUE(world.RunUntil([&] {
    sent = sent || one.hub->SendApplicationMessage(2, "first");
    return two.ears.Count("application 1 first") == 1;
  }));
  EXPECT_THAT(two.ears.heard, ElementsAre("connected 1", "application 1 first"));
}

TEST_F(HubTest, RefusesToSendWithoutAConnection) {
  ASSERT_TRUE(one.Start().ok());
  world.RunFor(1'000'000);
  EXPECT_FALSE(one.hub->SendEngineMessage(2, "a"));
  EXPECT_FALSE(one.hub->SendApplicationMessage(2, "a"));
  EXPECT_FALSE(one.hub->SendEngineMessage(9, "a"));
  EXPECT_THAT(one.ears.heard, IsEmpty());
}

TEST_F(HubTest, RefusesEngineMessagesBeyondTheQueueButTakesTheServersOwn) {
  StartBoth();
  const std::string large(20u << 20, 'x');
  EXPECT_TRUE(one.hub->SendEngineMessage(2, large));
  EXPECT_FALSE(one.hub->SendEngineMessage(2, large));
  EXPECT_TRUE(one.hub->SendApplicationMessage(2, large));
  EXPECT_TRUE(one.hub->SendApplicationMessage(2, large));
  EXPECT_FALSE(one.hub->SendApplicationMessage(2, large));
  world.RunFor(10'000);
  EXPECT_TRUE(one.hub->SendEngineMessage(2, "room again"));
  EXPECT_EQ(two.ears.heard.size(), 3u);
}

TEST_F(HubTest, HearsOfAKilledProcessWithinAMillisecond) {
  StartBoth();
  world.RunFor(1'000'000);
  two.Kill();
  const int64_t killed_us = world.NowUs();
  ASSERT_TRUE(world.RunUntil([&] { return one.ears.Count("lost 2 refused") == 1; }));
  EXPECT_LT(world.NowUs() - killed_us, 1000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2", "lost 2 refused"));
}

TEST_F(HubTest, ReportsEachLostProcessOnce) {
  StartBoth();
  two.Kill();
  world.RunFor(10'000'000);
  EXPECT_EQ(one.ears.Count("lost 2 refused"), 1);
  ASSERT_TRUE(two.Start().ok());
  ASSERT_TRUE(world.RunUntil([&] { return Connected(); }));
  world.RunFor(1'000'000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2", "lost 2 refused", "connected 2"));
}

TEST_F(HubTest, KnowsANewProcessByItsBootId) {
  StartBoth();
  two.Kill();
  two.ears.heard.clear();
  ASSERT_TRUE(two.Start().ok());  // back before anybody could be refused
  ASSERT_TRUE(world.RunUntil([&] { return Connected(); }));
  world.RunFor(1'000'000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2", "lost 2 new process", "connected 2"));
  EXPECT_THAT(two.ears.heard, ElementsAre("connected 1"));
}

TEST_F(HubTest, AFlappingLinkIsNoLostProcess) {
  StartBoth();
  for (int i = 0; i < 20; ++i) {
    world.network().Reset(&one.process, &two.process);
    ASSERT_TRUE(world.RunUntil([&] { return !Connected(); }));
    ASSERT_TRUE(world.RunUntil([&] { return Connected(); }, 3'000'000));
  }
  world.RunFor(1000);
  EXPECT_EQ(one.ears.Count("disconnected 2"), 20);
  EXPECT_EQ(one.ears.Count("connected 2"), 20);
  EXPECT_EQ(one.ears.heard.size(), 40u);
}

TEST_F(HubTest, ACutNetworkEndsTheConnectionButReportsNoLoss) {
  StartBoth();
  world.network().Cut(&one.process, &two.process);
  ASSERT_TRUE(world.RunUntil([&] { return one.ears.Count("disconnected 2") == 1; }));
  world.RunFor(5'000'000);
  world.network().Heal(&one.process, &two.process);
  ASSERT_TRUE(world.RunUntil([&] { return Connected(); }));
  world.RunFor(1'000'000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2", "connected 2"));
}

TEST_F(HubTest, AShortPauseOfAProcessBreaksNothing) {
  StartBoth();
  two.process.Pause();
  world.RunFor(2'000'000);
  two.process.Resume();
  world.RunFor(5'000'000);
  EXPECT_THAT(one.ears.heard, IsEmpty());
  EXPECT_THAT(two.ears.heard, IsEmpty());
}

TEST_F(HubTest, AnswersOfPingsShowContact) {
  StartBoth();
  world.RunFor(1'000'000);
  EXPECT_GT(one.hub->LastAnswerUs(2), world.NowUs() - 150'000);
  two.process.Pause();
  world.RunFor(1'000'000);
  EXPECT_LT(one.hub->LastAnswerUs(2), world.NowUs() - 900'000);
}

TEST_F(HubTest, AStoppingPeerSaysGoodbyeFirst) {
  StartBoth();
  two.hub->Stop();
  ASSERT_TRUE(world.RunUntil([&] { return !one.ears.heard.empty(); }));
  world.RunFor(100'000);
  two.Kill();
  world.RunFor(5'000'000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2", "lost 2 goodbye"));
  EXPECT_THAT(two.ears.heard, IsEmpty());
}

TEST_F(HubTest, SendsNothingOnceItStops) {
  StartBoth();
  one.hub->Stop();
  EXPECT_FALSE(one.hub->IsConnected(2));
  EXPECT_FALSE(one.hub->SendApplicationMessage(2, "a"));
  EXPECT_FALSE(one.hub->SendEngineMessage(2, "a"));
}

TEST_F(HubTest, EndsTheConnectionOfAMemberThatLeaves) {
  StartBoth();
  MemberList list = FoundingMembers(Founders(2));
  list.rows.pop_back();
  one.hub->SetMembers(list, 1);
  world.RunFor(5'000'000);
  EXPECT_THAT(one.ears.heard, ElementsAre("disconnected 2"));
  EXPECT_FALSE(one.hub->SendEngineMessage(2, "a"));
  EXPECT_EQ(one.hub->Applicants(2'000'000).at(0).refusal, HelloRefusal::kRemoved);
}

TEST_F(HubTest, FollowsAMemberToItsNewAddress) {
  ASSERT_TRUE(one.Start().ok());
  two.self.line.quorum_port = 2999;
  ASSERT_TRUE(two.Start().ok());
  world.RunFor(500'000);
  EXPECT_FALSE(Connected());
  MemberList list = FoundingMembers(Founders(2));
  list.rows[1].quorum_port = 2999;
  one.hub->SetMembers(list, 1);
  EXPECT_TRUE(world.RunUntil([&] { return Connected(); }));
}

TEST_F(HubTest, LetsAPeerInThatTheListDoesNotKnowYet) {
  StartBoth();
  Server three(&world, 3, Founders(2));
  ASSERT_TRUE(three.Start().ok());
  ASSERT_TRUE(world.RunUntil([&] { return three.hub->IsConnected(1); }));
  EXPECT_TRUE(three.hub->SendEngineMessage(1, "vote"));
  ASSERT_TRUE(world.RunUntil([&] { return one.ears.Count("engine 3 vote") == 1; }));
  EXPECT_TRUE(one.hub->SendEngineMessage(3, "answer"));
  ASSERT_TRUE(world.RunUntil([&] { return three.ears.Count("engine 1 answer") == 1; }));

  MemberList list = FoundingMembers(Founders(3));
  one.hub->SetMembers(list, 1);
  EXPECT_TRUE(three.hub->SendEngineMessage(1, "again"));
  ASSERT_TRUE(world.RunUntil([&] { return one.ears.Count("engine 3 again") == 1; }));
}

}  // namespace
}  // namespace rookery::consensus
