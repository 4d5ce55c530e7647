// Checkers of what one session is promised.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SessionOrderTest, TakesAPipelineInOrder) {
  Build build;
  build.Ok(1, Create("/k", "a"), {1, 5}, 1);
  build.Ok(1, Get("/k"), {2, 6}, 1);
  build.Ok(1, Set("/k", "b"), {3, 7}, 2);
  build.Ok(2, Set("/k", "c"), {4, 8}, 9);  // another session's
  EXPECT_THAT(CheckSessionOrder(build.history), IsEmpty());
}

TEST(SessionOrderTest, FindsAnswersOutOfOrder) {
  Build build;
  build.Ok(1, Create("/k", "a"), {1, 5}, 1);
  build.Ok(1, Set("/k", "b"), {2, 4}, 2);
  EXPECT_THAT(CheckSessionOrder(build.history), ElementsAre(HasSubstr("answered before")));
}

TEST(SessionOrderTest, FindsWritesOutOfOrder) {
  Build build;
  build.Ok(1, Set("/k", "a"), {1, 4}, 2);
  build.Ok(1, Set("/k", "b"), {2, 5}, 1);
  EXPECT_THAT(CheckSessionOrder(build.history), SizeIs(2));
}

TEST(SessionOrderTest, FindsAReadThatShowsALaterWriteOfItsSession) {
  Build build;
  build.Ok(1, Get("/k"), {1, 4}, 2);
  build.Ok(1, Set("/k", "b"), {2, 5}, 2);
  EXPECT_THAT(CheckSessionOrder(build.history), ElementsAre(HasSubstr("own later write")));
}

TEST(MonotonicReadsTest, TakesProgress) {
  Build build;
  build.Ok(1, Get("/k"), {1, 2}, 3, Holds("a", StatOf(1, 2, 1)));
  build.Ok(1, Get("/k"), {3, 4}, 5, Holds("b", StatOf(1, 4, 2)));
  build.Ok(2, Get("/k"), {5, 6}, 3, Holds("a", StatOf(1, 2, 1)));  // another session's
  EXPECT_THAT(CheckMonotonicReads(build.history), IsEmpty());
}

TEST(MonotonicReadsTest, FindsAnOlderValue) {
  Build build;
  build.Ok(1, Get("/k"), {1, 2}, 5, Holds("b", StatOf(1, 4, 2)));
  build.Ok(1, Get("/k"), {3, 4}, 5, Holds("a", StatOf(1, 2, 1))).server = 2;
  EXPECT_THAT(CheckMonotonicReads(build.history), ElementsAre(HasSubstr("older value")));
}

TEST(MonotonicReadsTest, FindsAnOlderStateOfAServerThatLags) {
  Build build;
  build.Ok(1, Get("/k"), {1, 2}, 5, Holds("b", StatOf(1, 4, 2)));
  build.Ok(1, Get("/other"), {3, 4}, 3, Holds("a", StatOf(1, 2, 1))).server = 2;
  EXPECT_THAT(CheckMonotonicReads(build.history), ElementsAre(HasSubstr("older state")));
}

TEST(MonotonicReadsTest, FindsADeletedNodeThatComesBack) {
  Build build;
  build.Refused(1, Get("/k"), {1, 2}, 5, model::ErrorCode::kNoNode);
  build.Ok(1, Get("/k"), {3, 4}, 4, Holds("a", StatOf(1, 2, 1)));
  EXPECT_THAT(CheckMonotonicReads(build.history), SizeIs(2));  // an older state and an older node
}

class EphemeralsTest : public ::testing::Test {
 protected:
  // Client 1 with session 101 makes /e at zxid 5, server 1 stands at zxid 20 at the end.
  EphemeralsTest() {
    build_.history.session_turns.push_back(
        {.zxid = 1, .kind = SessionTurn::Kind::kOpened, .session = 101, .timeout_ms = 6000});
    build_.Ok(1, Create("/e", "x", model::kEphemeral), {3, 4}, 5, Made("/e"));
    build_.history.changed.push_back({.zxid = 5, .path = "/e", .session = 101});
    build_.history.final_states.push_back(
        {.server = 1, .zxid = 20, .sessions = std::vector<model::SessionId>{}});
  }
  void End(SessionTurn::Kind kind, model::Zxid zxid, int64_t at_us = 60'000'000) {
    build_.history.session_turns.push_back(
        {.at_us = at_us, .zxid = zxid, .kind = kind, .session = 101});
  }
  void Deleted(model::Zxid zxid) {
    build_.history.changed.push_back(
        {.zxid = zxid, .kind = model::Change::Kind::kDeleted, .path = "/e"});
  }
  FinalState& end() { return build_.history.final_states[0]; }
  Violations Check() { return CheckEphemerals(build_.history); }
  Build build_;
};

TEST_F(EphemeralsTest, GoesWithItsSession) {
  End(SessionTurn::Kind::kClosed, 9);
  Deleted(9);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(EphemeralsTest, IsNotLeftBehind) {
  End(SessionTurn::Kind::kExpired, 9);
  end().nodes["/e"].stat.ephemeral_owner = 101;
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was left with /e")));
}

TEST_F(EphemeralsTest, IsNotSeenAfterTheEnd) {
  End(SessionTurn::Kind::kExpired, 9);
  Deleted(9);
  model::Stat stat = StatOf(5, 5, 0);
  stat.ephemeral_owner = 101;
  build_.Ok(2, Exists("/e"), {6, 7}, 10, Stats(stat));
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("outlived")));
}

TEST_F(EphemeralsTest, DoesNotGoBefore) {
  end().sessions = {101};
  Deleted(7);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("went at 0x7"), HasSubstr("has lost /e")));
}

TEST_F(EphemeralsTest, MayBeDeletedByAClient) {
  end().sessions = {101};
  build_.Ok(2, Delete("/e"), {5, 6}, 7);
  Deleted(7);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(EphemeralsTest, ASessionThatWasHeardDoesNotExpire) {
  Call& call = build_.Ok(1, Set("/k", "x"), {5, 6}, 8);
  call.invoked_us = 10'000'000;
  End(SessionTurn::Kind::kExpired, 9, 11'000'000);
  Deleted(9);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("expired 1000 ms after")));
}

// Client 1 writes at 10 s, under a grace of 2.5 s; its session expires before its timeout of 6 s.
class GraceTest : public EphemeralsTest {
 protected:
  GraceTest() {
    build_.history.sessions.push_back(
        {.client = 1, .order = 1, .state = client::SessionState::kConnected, .session = 101});
    build_.Ok(1, Set("/k", "x"), {5, 6}, 8).invoked_us = 10'000'000;
  }
  void Leave(Order order) {
    build_.history.left.push_back({.client = 1, .order = order, .session = 101});
  }
  void Expire(int64_t at_us) {
    End(SessionTurn::Kind::kExpired, 9, at_us);
    build_.history.session_turns.back().order = 50;
    build_.history.session_turns.back().grace_ms = 2'500;
    Deleted(9);
  }
};

TEST_F(GraceTest, WhoLeftAndStaysAwayMayExpireAfterTheGrace) {
  Leave(7);
  Expire(12'600'000);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(GraceTest, NobodyExpiresWithinTheGrace) {
  Leave(7);
  Expire(12'000'000);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("expired 2000 ms after")));
}

TEST_F(GraceTest, WhoDidNotLeaveKeepsTheTimeout) {
  Expire(12'600'000);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("expired 2600 ms after")));
}

TEST_F(GraceTest, WhoCameBackBeginsAnew) {
  Leave(7);
  build_.history.session_turns.push_back({.order = 20,
                                          .at_us = 11'500'000,
                                          .zxid = 8,
                                          .kind = SessionTurn::Kind::kAttached,
                                          .session = 101,
                                          .timeout_ms = 6000});
  Expire(12'600'000);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("expired 1100 ms after its attach")));
}

}  // namespace
}  // namespace rookery::sim
