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
using EventKind = client::WatchEvent::Kind;
using ChangeKind = model::Change::Kind;

// Client 1 leaves a recursive watch on /p at zxid 1 (call 1). /p/a is created at zxid 2 and written
// at zxid 3; client 1 is answered at zxid 3 with order 20.
class StayingWatchesTest : public ::testing::Test {
 protected:
  StayingWatchesTest() { Leave(model::WatchMode::kPersistentRecursive); }

  void Leave(model::WatchMode mode) {
    build_.history = {};
    build_
        .Ok(1, model::ReadOperation(model::AddWatchRequest{"/p", mode}), {1, 2}, 1,
            model::AddWatchReply())
        .watched = true;
    Change(2, ChangeKind::kCreated, "/p/a");
    Change(3, ChangeKind::kDataChanged, "/p/a");
    build_.Ok(1, Exists("/other"), {7, 20}, 3, Stats(StatOf(1, 1, 0)));
  }
  void Change(model::Zxid zxid, ChangeKind kind, std::string path) {
    build_.history.changed.push_back({.zxid = zxid, .kind = kind, .path = std::move(path)});
  }
  void Tell(Order order, model::Zxid zxid, EventKind kind, std::string path = "/p/a") {
    build_.history.told.push_back({.client = 1,
                                   .call = 1,
                                   .order = order,
                                   .session = 101,
                                   .event = {.kind = kind, .path = std::move(path), .zxid = zxid}});
  }
  void TellBoth() {
    Tell(10, 2, EventKind::kCreated);
    Tell(11, 3, EventKind::kDataChanged);
  }
  Violations Check() { return CheckStayingWatches(build_.history); }
  Build build_;
};

TEST_F(StayingWatchesTest, IsToldOfEveryChangeBeforeTheData) {
  TellBoth();
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(StayingWatchesTest, FindsAChangeThatIsNotTold) {
  Tell(10, 2, EventKind::kCreated);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told 0 of 1 times of NodeDataChanged /p/a")));
}

TEST_F(StayingWatchesTest, FindsAChangeThatIsToldTooLate) {
  Tell(10, 2, EventKind::kCreated);
  Tell(21, 3, EventKind::kDataChanged);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told 0 of 1 times of NodeDataChanged /p/a")));
}

TEST_F(StayingWatchesTest, FindsWhatIsToldTwiceOrWithoutReason) {
  TellBoth();
  Tell(12, 3, EventKind::kDataChanged);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told 2 times of what was 1 times")));
  Leave(model::WatchMode::kPersistentRecursive);
  TellBoth();
  Tell(12, 3, EventKind::kChildrenChanged, "/p");
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told 1 times of what was 0 times")));
}

TEST_F(StayingWatchesTest, FindsAnotherOrder) {
  Tell(10, 3, EventKind::kDataChanged);
  Tell(11, 2, EventKind::kCreated);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told in another order")));
}

TEST_F(StayingWatchesTest, OneThatIsNotRecursiveHearsOfItsNodeAndItsList) {
  Leave(model::WatchMode::kPersistent);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("NodeChildrenChanged /p")));
  Tell(10, 2, EventKind::kChildrenChanged, "/p");
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(StayingWatchesTest, WhatHappenedWithoutAConnectionIsNotDueAndWhatComesAfterIs) {
  TellBoth();
  build_.history.sessions.push_back(
      {.client = 1, .order = 21, .state = client::SessionState::kConnecting});
  Change(4, ChangeKind::kDataChanged, "/p/a");
  build_.Ok(1, Exists("/other"), {22, 25}, 4, Stats(StatOf(1, 1, 0)));
  EXPECT_THAT(Check(), IsEmpty());
  Change(5, ChangeKind::kDataChanged, "/p/a");
  build_.Ok(1, Exists("/other"), {26, 30}, 5, Stats(StatOf(1, 1, 0)));
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("was told 0 of 1 times")));
  Tell(29, 5, EventKind::kDataChanged);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(StayingWatchesTest, MayHearWhatAnotherWatchCatchesUpOn) {
  TellBoth();
  Tell(12, -1, EventKind::kDataChanged);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(StayingWatchesTest, NothingIsDueOrToldOnceItIsRemoved) {
  TellBoth();
  build_.Ok(1,
            model::ReadOperation(
                model::RemoveWatchesRequest{"/p", model::WatcherType::kPersistentRecursive}),
            {21, 22}, 3);
  Change(4, ChangeKind::kDataChanged, "/p/a");
  build_.Ok(1, Exists("/other"), {23, 25}, 4, Stats(StatOf(1, 1, 0)));
  EXPECT_THAT(Check(), IsEmpty());
  Tell(24, 4, EventKind::kDataChanged);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("had removed it")));
}

}  // namespace
}  // namespace rookery::sim
