#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ChangeKind = model::Change::Kind;
using EventKind = client::WatchEvent::Kind;

FinalNode NodeOf(model::Stat stat, int32_t children, std::string data = "x") {
  stat.num_children = children;
  return {.data = std::move(data), .stat = stat};
}

FinalState Scan() {
  return {.server = 1,
          .zxid = 9,
          .nodes = {{"/sim", NodeOf(StatOf(1, 1, 0), 2)},
                    {"/sim/a", NodeOf(StatOf(3, 5, 1), 0)},
                    {"/sim/b", NodeOf(StatOf(4, 4, 0), 0)}}};
}

TEST(CallsTest, AScanIsOneWholeState) {
  History history;
  history.scans.push_back(Scan());
  EXPECT_THAT(CheckCalls(history), IsEmpty());
}

TEST(CallsTest, AScanThatMissesAChildIsFound) {
  History history;
  history.scans.push_back(Scan());
  history.scans[0].nodes.erase("/sim/b");
  EXPECT_THAT(CheckCalls(history), ElementsAre(HasSubstr("/sim with 1 children of 2")));
}

TEST(CallsTest, AScanThatShowsWhatCameLaterIsFound) {
  History history;
  history.scans.push_back(Scan());
  history.scans[0].nodes["/sim/a"].stat.mzxid = 10;
  EXPECT_THAT(CheckCalls(history), ElementsAre(HasSubstr("/sim/a as it stood later")));
}

TEST(CallsTest, AScanThatShowsAnotherValueThanTheServersHoldIsFound) {
  History history;
  history.scans.push_back(Scan());
  history.final_states.push_back(Scan());
  history.final_states[0].nodes["/sim/a"].data = "y";
  EXPECT_THAT(CheckCalls(history), ElementsAre(HasSubstr("version 1 of /sim/a")));
}

History FollowedHistory() {
  History history;
  history.changed = {{.zxid = 4, .kind = ChangeKind::kDataChanged, .path = "/a"},
                     {.zxid = 5, .kind = ChangeKind::kDataChanged, .path = "/a"},
                     {.zxid = 6, .kind = ChangeKind::kDataChanged, .path = "/elsewhere"},
                     {.zxid = 7, .kind = ChangeKind::kCreated, .path = "/a/b"},
                     {.zxid = 8, .kind = ChangeKind::kDeleted, .path = "/a/b"},
                     {.zxid = 9, .kind = ChangeKind::kDeleted, .path = "/a"}};
  history.followed.push_back({.server = 2,
                              .paths = {"/a"},
                              .armed = 4,
                              .through = 8,
                              .events = {{EventKind::kDataChanged, "/a", 5},
                                         {EventKind::kChildrenChanged, "/a", 7},
                                         {EventKind::kChildrenChanged, "/a", 8}}});
  return history;
}

TEST(CallsTest, AWatchTellsEveryChangeOfWhatItFollows) {
  EXPECT_THAT(CheckCalls(FollowedHistory()), IsEmpty());
}

TEST(CallsTest, AChangeThatAWatchDoesNotTellIsFound) {
  History history = FollowedHistory();
  history.followed[0].events.erase(history.followed[0].events.begin() + 1);
  EXPECT_THAT(CheckCalls(history),
              ElementsAre(HasSubstr("was not told of NodeChildrenChanged /a at 0x7")));
}

TEST(CallsTest, AnEventToldTwiceOrOutOfOrderIsFound) {
  History history = FollowedHistory();
  history.followed[0].events.push_back({EventKind::kDataChanged, "/a", 5});
  EXPECT_THAT(CheckCalls(history), ElementsAre(HasSubstr("/a at 0x5 behind 0x8"),
                                               HasSubstr("was told of NodeDataChanged /a at 0x5")));
}

}  // namespace
}  // namespace rookery::sim
