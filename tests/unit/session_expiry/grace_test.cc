// Sessions whose clients ended their connections, with a grace (session.disconnectGraceMs).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "coordinator/session/expiry/expiry.h"

namespace rookery::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMs = 1000;

// Session 7 under attach 1 of server 2, with a timeout of 18 s; server 1 leads.
class GraceTest : public testing::Test {
 protected:
  explicit GraceTest(int64_t grace_ms = 2500) : expiry_({.disconnect_grace_us = grace_ms * kMs}) {
    ensemble_.is_majority = [](const auto& servers) { return servers.size() >= 2; };
    expiry_.Begin(now_us_, {{7, 18'000, 1}});
    Pass(1000);
  }

  struct Sign {
    uint64_t attach_count = 1;
    int64_t at_us = 0;
  };
  void End(uint64_t attach_count = 1) { ended_ = {attach_count, now_us_}; }
  void Attempt(uint64_t attach_count = 1) { attempted_ = {attach_count, now_us_}; }
  int64_t AgoMs(const Sign& sign) const { return (now_us_ - sign.at_us) / kMs; }

  void Report(model::ServerId server, uint64_t round) {
    if (server == 2 && ended_) expiry_.OnEnded(7, ended_->attach_count, AgoMs(*ended_), round);
    if (server == 3 && attempted_) {
      expiry_.OnAttempted(7, attempted_->attach_count, AgoMs(*attempted_));
    }
    if (round != 0) expiry_.OnReport(server, round);
  }

  // Ticks; servers report every 500 ms, and those in `answering_` in every round.
  std::vector<model::SessionId> Pass(int64_t ms) {
    std::vector<model::SessionId> expired;
    for (const int64_t end_us = now_us_ + ms * kMs; now_us_ < end_us;) {
      now_us_ += 50 * kMs;
      const Expiry::Actions actions = expiry_.Tick(now_us_, ensemble_);
      for (const auto& one : actions.expired) {
        expired.push_back(one.id);
        EXPECT_EQ(one.attach_count, attach_count_);
        by_end_ = one.ended;
      }
      if (actions.call_round != 0) round_ = actions.call_round;
      if (actions.call_round == 0 && now_us_ % (500 * kMs) != 0) continue;
      for (const model::ServerId server : answering_) Report(server, round_);
    }
    return expired;
  }

  Expiry expiry_;
  Expiry::Ensemble ensemble_{.self = 1, .connected = {2, 3}};
  std::set<model::ServerId> answering_ = {1, 2, 3};
  std::optional<Sign> ended_;
  std::optional<Sign> attempted_;
  uint64_t attach_count_ = 1;
  uint64_t round_ = 0;
  int64_t now_us_ = 1'000'000;
  bool by_end_ = false;
};

TEST_F(GraceTest, AnEndedSessionExpiresAfterTheGraceAndNotBefore) {
  End();
  EXPECT_THAT(Pass(2500), IsEmpty());
  EXPECT_THAT(Pass(200), ElementsAre(7));
  EXPECT_TRUE(by_end_);
}

TEST_F(GraceTest, ASilentSessionKeepsItsTimeout) {
  EXPECT_THAT(Pass(16'900), IsEmpty());
  EXPECT_THAT(Pass(300), ElementsAre(7));
  EXPECT_FALSE(by_end_);
}

struct NoGraceTest : GraceTest {
  NoGraceTest() : GraceTest(0) {}
};
TEST_F(NoGraceTest, WithoutAGraceAnEndSaysNothing) {
  End();
  EXPECT_THAT(Pass(16'900), IsEmpty());
  EXPECT_THAT(Pass(300), ElementsAre(7));
}

TEST_F(GraceTest, AnAttachSavesIt) {
  End();
  EXPECT_THAT(Pass(2000), IsEmpty());
  expiry_.OnAttached({7, 18'000, 2});  // the old owner goes on telling for a while
  EXPECT_THAT(Pass(10'000), IsEmpty());
}

TEST_F(GraceTest, AnAttemptSavesIt) {
  End();
  EXPECT_THAT(Pass(2400), IsEmpty());
  Attempt();
  EXPECT_THAT(Pass(14'000), IsEmpty());
  EXPECT_THAT(Pass(1000), ElementsAre(7)) << "its timeout still holds";
}

TEST_F(GraceTest, AnAttemptThatWasHeardBeforeTheEndSavesIt) {
  Attempt();
  EXPECT_THAT(Pass(300), IsEmpty());
  End();
  EXPECT_THAT(Pass(10'000), IsEmpty());
}

TEST_F(GraceTest, AnAttemptUnderAnEarlierAttachCountsByItsTime) {
  expiry_.OnAttached({7, 18'000, 2});
  attach_count_ = 2;
  Attempt(1);
  EXPECT_THAT(Pass(1000), IsEmpty());
  End(2);
  EXPECT_THAT(Pass(2500), IsEmpty());
  EXPECT_THAT(Pass(200), ElementsAre(7)) << "that attempt became the present attach";
}

TEST_F(GraceTest, AnAttemptAtAServerThatIsBehindSavesIt) {
  expiry_.OnAttached({7, 18'000, 2});
  End(2);
  EXPECT_THAT(Pass(1000), IsEmpty());
  Attempt(1);
  EXPECT_THAT(Pass(10'000), IsEmpty());
}

TEST_F(GraceTest, AnEndOfAnEarlierAttachSaysNothing) {
  expiry_.OnAttached({7, 18'000, 2});
  End(1);
  EXPECT_THAT(Pass(10'000), IsEmpty());
}

TEST_F(GraceTest, AnEndThatIsToldNoMoreIsWithdrawn) {
  End();
  EXPECT_THAT(Pass(2000), IsEmpty());
  ended_.reset();
  EXPECT_THAT(Pass(10'000), IsEmpty());
}

TEST_F(GraceTest, NothingExpiresEarlyWhileTheOwnerIsOutOfContact) {
  End();
  EXPECT_THAT(Pass(2000), IsEmpty());
  answering_ = {1, 3};
  ensemble_.connected = {3};
  EXPECT_THAT(Pass(5000), IsEmpty());
  answering_ = {1, 2, 3};
  ensemble_.connected = {2, 3};
  EXPECT_THAT(Pass(1000), ElementsAre(7));
}

TEST_F(GraceTest, AnAnswerOfTheRoundThatTellsOfAnAttemptSavesIt) {
  End();
  answering_ = {2};  // server 3 is asked by the round only
  EXPECT_THAT(Pass(2450), IsEmpty());
  Attempt();
  answering_ = {1, 2, 3};
  EXPECT_THAT(Pass(5000), IsEmpty());
}

TEST_F(GraceTest, ItIsProposedAgainIfItWasNotSeenApplied) {
  End();
  EXPECT_THAT(Pass(2700), ElementsAre(7));
  EXPECT_THAT(Pass(800), IsEmpty());
  EXPECT_THAT(Pass(500), ElementsAre(7));
  Attempt();
  EXPECT_THAT(Pass(5000), IsEmpty()) << "its timeout has not passed";
}

TEST_F(GraceTest, APauseOfTheLeaderDoesNotCount) {
  End();
  EXPECT_THAT(Pass(500), IsEmpty());
  now_us_ += 60'000 * kMs;
  ended_->at_us += 60'000 * kMs;  // they all stood still
  EXPECT_THAT(Pass(1800), IsEmpty());
  EXPECT_THAT(Pass(500), ElementsAre(7));
}

TEST_F(GraceTest, ANewLeaderLearnsItFromTheReports) {
  End();
  EXPECT_THAT(Pass(2000), IsEmpty());
  expiry_.Begin(now_us_, {{7, 18'000, 1}});
  EXPECT_THAT(Pass(450), IsEmpty());
  EXPECT_THAT(Pass(500), ElementsAre(7));
}

}  // namespace
}  // namespace rookery::session
