#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using client::WatchEvent;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Client 1 reads /k with a watch at zxid 2 (call 2); client 2 writes it at zxid 3; client 1 asks
// for something else and is answered at zxid 3 with order 20.
class WatchesTest : public ::testing::Test {
 protected:
  WatchesTest() {
    build_.Ok(2, Create("/k", "a"), {1, 2}, 1, Made("/k"));
    build_.Ok(1, Get("/k"), {3, 4}, 2, Holds("a", StatOf(1, 1, 0))).watched = true;
    build_.Ok(2, Set("/k", "b"), {5, 6}, 3, Stats(StatOf(1, 3, 1)));
    build_.Ok(1, Exists("/other"), {7, 20}, 3, Stats(StatOf(1, 1, 0)));
    build_.history.changed.push_back({.zxid = 1, .path = "/k"});
    build_.history.changed.push_back(
        {.zxid = 3, .kind = model::Change::Kind::kDataChanged, .path = "/k"});
  }
  void Tell(Order order, uint64_t call = 2, model::Zxid zxid = 3,
            WatchEvent::Kind kind = WatchEvent::Kind::kDataChanged) {
    build_.history.told.push_back({.client = 1,
                                   .call = call,
                                   .order = order,
                                   .session = 101,
                                   .event = {.kind = kind, .path = "/k", .zxid = zxid}});
  }
  Violations Check() { return CheckWatches(build_.history); }
  Build build_;
};

TEST_F(WatchesTest, IsToldBeforeTheData) {
  Tell(10);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(WatchesTest, FindsOneThatIsNotTold) {
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was not told of the change of /k")));
}

TEST_F(WatchesTest, FindsOneThatIsToldTooLate) {
  Tell(21);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("too late")));
}

TEST_F(WatchesTest, FindsOneThatIsToldTwice) {
  Tell(10);
  Tell(11);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("told twice")));
}

TEST_F(WatchesTest, FindsAnEventForNobody) {
  Tell(10);
  Tell(11, /*call=*/0);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("nobody waited for")));
}

// One for the watch on its data, one for that on its children: both were told by the first.
TEST_F(WatchesTest, ANodeThatIsGoneMayBeToldTwiceAfterAReconnect) {
  build_.history.changed.push_back(
      {.zxid = 4, .kind = model::Change::Kind::kDeleted, .path = "/k"});
  Tell(10, 2, -1, WatchEvent::Kind::kDeleted);
  Tell(11, /*call=*/0, -1, WatchEvent::Kind::kDeleted);
  EXPECT_THAT(Check(), IsEmpty());
  Tell(30, /*call=*/0, -1, WatchEvent::Kind::kDeleted);
  build_.history.sessions.push_back(
      {.client = 1, .order = 25, .state = client::SessionState::kConnecting});
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("nobody waited for")));
}

TEST_F(WatchesTest, FindsAnEventOfNothing) {
  Tell(10, 2, 3, WatchEvent::Kind::kDeleted);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("what did not happen")));
}

TEST_F(WatchesTest, WithoutAnAnswerThatShowsItNothingIsLateYet) {
  build_.history.calls.back().zxid = 2;
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(WatchesTest, WhatCameAndWentWhileItsWatcherWasAwayCannotBeTold) {
  build_.Refused(1, Exists("/n"), {21, 22}, 3, model::ErrorCode::kNoNode).watched = true;
  build_.history.changed.push_back({.zxid = 4, .path = "/n"});
  build_.history.changed.push_back(
      {.zxid = 5, .kind = model::Change::Kind::kDeleted, .path = "/n"});
  build_.Ok(1, Exists("/other"), {25, 26}, 6, Stats(StatOf(1, 1, 0)));
  Tell(10);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was not told of the change of /n")));
  build_.history.sessions.push_back(
      {.client = 1, .order = 23, .state = client::SessionState::kConnecting});
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(WatchesTest, AListIsToldOfAChild) {
  build_.Ok(1, List("/p"), {21, 22}, 3, model::ChildrenReply()).watched = true;
  build_.history.changed.push_back({.zxid = 4, .path = "/p/child"});
  build_.Ok(1, Exists("/other"), {25, 26}, 4, Stats(StatOf(1, 1, 0)));
  Tell(10);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was not told of the change of /p/child")));
}

}  // namespace
}  // namespace rookery::sim
