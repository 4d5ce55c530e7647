#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// /k is made at zxid 1 with "a".
class LinearizabilityTest : public ::testing::Test {
 protected:
  LinearizabilityTest() { build_.Ok(1, Create("/k", "a"), {1, 2}, 1, Made("/k")); }
  Violations Check() { return CheckLinearizability(build_.history); }
  Build build_;
};

TEST_F(LinearizabilityTest, TakesWritesAndFreshReadsInOrder) {
  build_.Ok(1, Set("/k", "b"), {3, 6}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, Set("/k", "c"), {4, 5}, 3, Stats(StatOf(1, 3, 2)));
  build_.Ok(2, Get("/k"), {7, 8}, 3, Holds("c", StatOf(1, 3, 2))).linearizable = true;
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, FindsAStaleLinearizableRead) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, Get("/k"), {5, 6}, 1, Holds("a", StatOf(1, 1, 0))).linearizable = true;
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("does not show it")));
}

TEST_F(LinearizabilityTest, APlainReadMayBeStale) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, Get("/k"), {5, 6}, 1, Holds("a", StatOf(1, 1, 0)));
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, FindsAStaleReadBehindASync) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, SyncOf("/k"), {5, 7}, 1);
  build_.Ok(2, Get("/k"), {6, 8}, 1, Holds("a", StatOf(1, 1, 0)));
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("does not show it")));
}

TEST_F(LinearizabilityTest, AReconnectBehindASyncVoidsIt) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, SyncOf("/k"), {5, 7}, 1);
  build_.Ok(2, Get("/k"), {6, 9}, 1, Holds("a", StatOf(1, 1, 0)));
  build_.history.sessions.push_back(
      {.client = 2, .order = 8, .state = client::SessionState::kConnecting});
  EXPECT_THAT(Check(), IsEmpty());
}

// What servers changed says which of the lost writes was applied, and when.
TEST_F(LinearizabilityTest, AChangeIsThatOfALostWrite) {
  build_.Lost(1, Set("/k", "b"), {3, 4});
  build_.Ok(2, Get("/k"), {7, 8}, 3, Holds("c", StatOf(1, 3, 2)));
  build_.Ok(3, Set("/k", "c"), {5, 6}, 3, Stats(StatOf(1, 3, 2)));
  build_.history.changed = {
      {.zxid = 1, .kind = model::Change::Kind::kCreated, .path = "/k"},
      {.zxid = 2, .kind = model::Change::Kind::kDataChanged, .path = "/k", .session = 101},
      {.zxid = 3, .kind = model::Change::Kind::kDataChanged, .path = "/k"}};
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, ALostWriteThatChangedNothingExplainsNothing) {
  build_.Lost(1, Set("/k", "b"), {3, 4});
  build_.Ok(3, Set("/k", "c"), {5, 6}, 3, Stats(StatOf(1, 3, 2)));
  EXPECT_THAT(Check(), IsEmpty());
  build_.history.changed = {{.zxid = 1, .kind = model::Change::Kind::kCreated, .path = "/k"},
                            {.zxid = 3, .kind = model::Change::Kind::kDataChanged, .path = "/k"}};
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("fits to no order")));
}

TEST_F(LinearizabilityTest, ALostWriteExplainsOneChangeAlone) {
  build_.Lost(1, Set("/k", "b"), {3, 4});
  build_.Ok(3, Set("/k", "c"), {5, 6}, 4, Stats(StatOf(1, 4, 3)));
  build_.history.changed = {
      {.zxid = 1, .kind = model::Change::Kind::kCreated, .path = "/k"},
      {.zxid = 2, .kind = model::Change::Kind::kDataChanged, .path = "/k", .session = 101},
      {.zxid = 3, .kind = model::Change::Kind::kDataChanged, .path = "/k", .session = 101},
      {.zxid = 4, .kind = model::Change::Kind::kDataChanged, .path = "/k"}};
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("fits to no order")));
}

TEST_F(LinearizabilityTest, AChangeIsRatherThatOfAWriteOfItsOwnSession) {
  build_.Lost(1, Set("/k", "x"), {3, 4}).session = 0;  // nobody knows which it was
  build_.Lost(2, Set("/k", "y"), {5, 6});
  build_.Ok(3, Set("/k", "c"), {7, 8}, 4, Stats(StatOf(1, 4, 3)));
  build_.history.changed = {
      {.zxid = 1, .kind = model::Change::Kind::kCreated, .path = "/k"},
      {.zxid = 2, .kind = model::Change::Kind::kDataChanged, .path = "/k", .session = 102},
      {.zxid = 3, .kind = model::Change::Kind::kDataChanged, .path = "/k", .session = 101},
      {.zxid = 4, .kind = model::Change::Kind::kDataChanged, .path = "/k"}};
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, FindsAValueThatNobodyWroteThen) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, Get("/k"), {5, 6}, 2, Holds("a", StatOf(1, 2, 1)));
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("fits to no order")));
}

TEST_F(LinearizabilityTest, FindsAWriteDoneTwice) {
  build_.Ok(1, Set("/k", "b"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
  build_.Ok(2, Set("/k", "c"), {5, 6}, 4, Stats(StatOf(1, 4, 3)));
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("fits to no order")));
}

TEST_F(LinearizabilityTest, AWriteOfUnknownOutcomeExplainsAVersion) {
  build_.Lost(1, Set("/k", "b"), {3, 4});
  build_.Lost(1, Set("/k", "never"), {5, 6});
  build_.Ok(2, Set("/k", "c"), {7, 8}, 4, Stats(StatOf(1, 4, 2)));
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, EqualDataDoesNotTellWhoseWriteItWas) {
  Build build;
  build.Lost(1, Create("/k", "a"), {1, 2});
  build.Ok(2, Create("/k", "a"), {1, 4}, 1, Made("/k"));
  build.Ok(2, Get("/k"), {5, 6}, 2, Holds("a", StatOf(1, 1, 0)));
  EXPECT_THAT(CheckLinearizability(build.history), IsEmpty());
}

TEST_F(LinearizabilityTest, ACreationWithoutAParentTellsNothingOfItsNode) {
  build_.Refused(1, Create("/k", "b"), {3, 4}, 2, model::ErrorCode::kNoNode);
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(LinearizabilityTest, ANodeOfUnknownOutcomeMayStandAtTheEnd) {
  Build build;
  build.Lost(1, Create("/k", ""), {1, 2});
  build.Refused(2, Create("/k", ""), {3, 4}, 2, model::ErrorCode::kNodeExists);
  build.history.final_states.push_back({.server = 1, .zxid = 9});
  build.history.final_states[0].nodes["/k"] = {.data = "", .stat = StatOf(1, 1, 0)};
  EXPECT_THAT(CheckLinearizability(build.history), IsEmpty());
}

TEST_F(LinearizabilityTest, AWriteThatWasAskedLaterExplainsNothing) {
  build_.Ok(2, Set("/k", "c"), {3, 4}, 4, Stats(StatOf(1, 4, 2)));
  build_.Lost(1, Set("/k", "b"), {5, 6});
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("fits to no order")));
}

// An hour of real servers has so many places where a lost write may stand.
TEST_F(LinearizabilityTest, JudgesALongHistory) {
  build_.Lost(1, Set("/k", "lost"), {3, 4});
  constexpr int32_t kWrites = 100'000;
  const auto stat = [](int32_t version) { return StatOf(1, version + 1, version); };
  for (int32_t i = 1; i <= kWrites; ++i) {
    const Order at = 3 + 2 * static_cast<Order>(i);
    build_.Ok(2, Set("/k", "b"), {at, at + 1}, i + 1, Stats(stat(i)));
  }
  Searches searches;
  EXPECT_THAT(CheckLinearizability(build_.history, &searches), IsEmpty());
  EXPECT_EQ(searches.made, 1u);
  EXPECT_EQ(searches.given_up, 0u);
}

// Of some hundreds of lost writes three were applied before one that is seen later.
TEST_F(LinearizabilityTest, JudgesANodeWithManyLostWrites) {
  Order at = 3;
  const auto next = [&at] { return Times{at += 2, at + 1}; };
  for (int32_t i = 0; i < 60; ++i) {
    build_.Lost(1, Set("/k", absl::StrCat("a", i), i), next());
    build_.Lost(1, Set("/k", absl::StrCat("b", i)), next());
  }
  for (int32_t i = 0; i < 5; ++i) {
    build_.Lost(1, Delete("/k"), next());
    build_.Lost(1, Create("/k", absl::StrCat("c", i)), next());
  }
  int32_t version = 1;
  for (; version <= 30; ++version) {
    build_.Ok(2, Set("/k", "d"), next(), version + 1, Stats(StatOf(1, version + 1, version)));
  }
  build_.Lost(1, Set("/k", "seen"), next());
  build_.Ok(2, Get("/k"), next(), 40, Holds("seen", StatOf(1, 35, version + 3)));
  Searches searches;
  EXPECT_THAT(CheckLinearizability(build_.history, &searches), IsEmpty());
  EXPECT_EQ(searches.given_up, 0u);
}

TEST_F(LinearizabilityTest, ARefusalMustHaveAReason) {
  build_.Refused(2, Set("/k", "b", 0), {3, 4}, 2, model::ErrorCode::kBadVersion);
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("BadVersion")));
}

TEST_F(LinearizabilityTest, AMultiIsDoneAsAWhole) {
  build_.Ok(1, Create("/l", "a"), {3, 4}, 2, Made("/l"));
  model::MultiRequest multi;
  multi.parts.push_back(model::SetDataRequest{.path = "/k", .data = "m"});
  multi.parts.push_back(model::SetDataRequest{.path = "/l", .data = "n"});
  build_.Lost(1, model::WriteOperation(multi), {5, 6});
  Build half = build_;
  build_.Ok(2, Get("/k"), {7, 8}, 3, Holds("m", StatOf(1, 3, 1)));
  build_.Ok(2, Get("/l"), {9, 10}, 3, Holds("n", StatOf(2, 3, 1)));
  EXPECT_THAT(Check(), IsEmpty());
  half.Ok(2, Get("/k"), {7, 8}, 3, Holds("m", StatOf(1, 3, 1)));
  half.Ok(2, Get("/l"), {9, 10}, 3, Holds("a", StatOf(2, 2, 0)));
  EXPECT_THAT(CheckLinearizability(half.history), ElementsAre(HasSubstr("getData /l")));
}

}  // namespace
}  // namespace rookery::sim
