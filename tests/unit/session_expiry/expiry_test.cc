#include "coordinator/session/expiry/expiry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rookery::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMs = 1000;

class ExpiryTest : public testing::Test {
 protected:
  ExpiryTest() {
    ensemble_.is_majority = [](const auto& servers) { return servers.size() >= 2; };
  }

  // Lets time pass in ticks; servers in `answering` answer every round at once, with what `hears`
  // says. Returns the sessions whose close was proposed; it is applied at once.
  std::vector<model::SessionId> Pass(int64_t ms) {
    std::vector<model::SessionId> expired;
    for (const int64_t end_us = now_us_ + ms * kMs; now_us_ < end_us;) {
      now_us_ += 50 * kMs;
      const Expiry::Actions actions = expiry_.Tick(now_us_, ensemble_);
      for (const auto& one : actions.expired) {
        expired.push_back(one.id);
        if (applies_) expiry_.OnClosed(one.id);
      }
      if (actions.call_round == 0) continue;
      ++rounds_;
      for (const model::ServerId server : answering_) {
        for (const auto& [session, idle_ms] : heard_) expiry_.OnHeard(session, idle_ms, true);
        expiry_.OnReport(server, actions.call_round);
      }
    }
    return expired;
  }

  Expiry expiry_{ExpiryOptions()};
  Expiry::Ensemble ensemble_{.self = 1, .connected = {2, 3}};
  std::set<model::ServerId> answering_ = {1, 2, 3};
  std::map<model::SessionId, int64_t> heard_;
  int64_t now_us_ = 1'000'000;
  int rounds_ = 0;
  bool applies_ = true;
};

TEST_F(ExpiryTest, ExpiresASilentSessionSoonAfterItsTimeout) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  EXPECT_THAT(Pass(3950), IsEmpty());
  EXPECT_THAT(Pass(250), ElementsAre(7));
  EXPECT_EQ(rounds_, 1);
}

TEST_F(ExpiryTest, NamesTheAttachThatItSaw) {
  expiry_.Begin(now_us_, {});
  expiry_.OnAttached({7, 4000, 42});
  for (int i = 0; i < 200; ++i) {
    now_us_ += 50 * kMs;
    const Expiry::Actions actions = expiry_.Tick(now_us_, ensemble_);
    for (const model::ServerId server : answering_) expiry_.OnReport(server, actions.call_round);
    if (actions.expired.empty()) continue;
    EXPECT_EQ(actions.expired[0].attach_count, 42u);
    return;
  }
  FAIL() << "it never expired";
}

TEST_F(ExpiryTest, AnAnswerInTheRoundSavesTheSession) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  heard_[7] = 100;
  EXPECT_THAT(Pass(11'700), IsEmpty()) << "of two rounds";
  EXPECT_EQ(rounds_, 2);
  heard_.clear();
  EXPECT_THAT(Pass(4500), ElementsAre(7));
}

// It may have heard the client all the time, and could not say so.
TEST_F(ExpiryTest, AServerThatComesIntoContactDuringARoundIsAskedInAnother) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  ensemble_.connected = {2};
  answering_ = {1};  // by hand from here on
  EXPECT_THAT(Pass(4050), IsEmpty());
  ASSERT_EQ(rounds_, 1);
  expiry_.OnReport(2, 1);
  ensemble_.connected = {2, 3};
  EXPECT_THAT(Pass(50), IsEmpty());
  ASSERT_EQ(rounds_, 2);
  expiry_.OnReport(2, 2);
  expiry_.OnHeard(7, 100, true);
  expiry_.OnReport(3, 2);
  answering_ = {1, 2, 3};
  EXPECT_THAT(Pass(3800), IsEmpty());
  EXPECT_THAT(Pass(400), ElementsAre(7));
}

// Its servers may have reported before the deadline, when nothing was wrong yet.
TEST_F(ExpiryTest, ARoundThatBeganBeforeTheDeadlineDoesNotCount) {
  expiry_.Begin(now_us_, {{7, 4000, 1}, {8, 4100, 1}});
  answering_ = {1, 2};  // the round waits for server 3
  EXPECT_THAT(Pass(4200), ElementsAre(7)) << "8 became due while the round of 7 was open";
  EXPECT_EQ(rounds_, 1);
  EXPECT_THAT(Pass(300), ElementsAre(8));
}

TEST_F(ExpiryTest, WaitsForAServerInContactUntilOneElectionTimeoutHasPassed) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  answering_ = {1, 2};
  EXPECT_THAT(Pass(4150), IsEmpty()) << "server 3 may have heard it";
  EXPECT_THAT(Pass(200), ElementsAre(7));
}

TEST_F(ExpiryTest, DoesNotWaitForAServerThatIsOutOfReach) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  answering_ = {1, 2};
  EXPECT_THAT(Pass(4000), IsEmpty());
  expiry_.OnUnreachable(3);
  EXPECT_THAT(Pass(50), ElementsAre(7));
}

TEST_F(ExpiryTest, ExpiresNothingWithoutAMajority) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  answering_ = {1};
  ensemble_.connected.clear();
  EXPECT_THAT(Pass(10'000), IsEmpty());
  EXPECT_GT(rounds_, 1);
  answering_ = {1, 2};
  ensemble_.connected = {2};
  EXPECT_THAT(Pass(500), ElementsAre(7));
}

TEST_F(ExpiryTest, AReportOfAnEarlierRoundDoesNotCount) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  answering_.clear();
  EXPECT_THAT(Pass(4000), IsEmpty());
  for (const model::ServerId server : {1, 2, 3}) expiry_.OnReport(server, 0);
  EXPECT_THAT(Pass(50), IsEmpty());
  for (const model::ServerId server : {1, 2, 3}) expiry_.OnReport(server, 1);
  EXPECT_THAT(Pass(50), ElementsAre(7));
}

TEST_F(ExpiryTest, TheFirstReportToANewLeaderTellsTheTrueAge) {
  expiry_.Begin(now_us_, {{7, 4000, 1}, {8, 4000, 1}});
  expiry_.OnHeard(7, 3000, true);
  EXPECT_THAT(Pass(950), IsEmpty());
  EXPECT_THAT(Pass(250), ElementsAre(7)) << "the unreported one has its full timeout";
  EXPECT_THAT(Pass(2700), IsEmpty());
  EXPECT_THAT(Pass(300), ElementsAre(8));
}

TEST_F(ExpiryTest, WhatAnotherServerRemembersOfASessionThatMovedOnMakesItNoOlder) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  expiry_.OnHeard(7, 30000, false);
  EXPECT_THAT(Pass(3500), IsEmpty());
  expiry_.OnHeard(7, 1000, true);  // the owner's is still the first
  EXPECT_THAT(Pass(2900), IsEmpty());
  EXPECT_THAT(Pass(300), ElementsAre(7));
}

TEST_F(ExpiryTest, AnOlderReportTakesNothingAway) {
  expiry_.Begin(now_us_, {});
  expiry_.OnAttached({7, 4000, 1});
  expiry_.OnHeard(7, 3900, true);
  EXPECT_THAT(Pass(3900), IsEmpty());
}

TEST_F(ExpiryTest, AnAttachStartsTheTimeoutAnew) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  EXPECT_THAT(Pass(3900), IsEmpty());
  expiry_.OnAttached({7, 6000, 2});
  EXPECT_THAT(Pass(5900), IsEmpty());
  EXPECT_THAT(Pass(300), ElementsAre(7));
}

TEST_F(ExpiryTest, ProposesAgainWhatWasNotSeenApplied) {
  applies_ = false;
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  EXPECT_THAT(Pass(4200), ElementsAre(7));
  EXPECT_THAT(Pass(800), IsEmpty());
  EXPECT_THAT(Pass(500), ElementsAre(7));
  expiry_.OnClosed(7);
  EXPECT_THAT(Pass(5000), IsEmpty());
  EXPECT_EQ(expiry_.size(), 0u);
}

TEST_F(ExpiryTest, APauseOfTheLeaderDoesNotCount) {
  expiry_.Begin(now_us_, {{7, 4000, 1}});
  EXPECT_THAT(Pass(2000), IsEmpty());
  now_us_ += 60'000 * kMs;
  EXPECT_THAT(Pass(1800), IsEmpty());
  EXPECT_THAT(Pass(500), ElementsAre(7));
}

}  // namespace
}  // namespace rookery::session
