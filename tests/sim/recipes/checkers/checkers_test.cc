// Small runs by hand: what each checker takes, and what it finds.
#include "tests/sim/recipes/checkers/checkers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rookery::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = model::Change::Kind;

class RecipeCheckersTest : public ::testing::Test {
 protected:
  // A change of the tree at that order, which is its zxid too.
  void Change(Order order, Kind kind, const std::string& path, model::SessionId session = 1) {
    history_.changed.push_back({.order = order,
                                .known = order,
                                .known_us = static_cast<int64_t>(order),
                                .zxid = static_cast<model::Zxid>(order),
                                .kind = kind,
                                .path = path,
                                .session = session});
  }
  void Last(const std::string& path, const std::string& data) {
    if (history_.final_states.empty()) history_.final_states.emplace_back();
    history_.final_states[0].nodes[path].data = data;
  }
  Violations Check(RecipeCheck check) { return check(facts_, TreeHistory(history_)); }

  History history_;
  RecipeFacts facts_;
};

std::string At(Recipe recipe, absl::string_view name) {
  return absl::StrCat(PathOf(recipe), "/", name);
}

TEST_F(RecipeCheckersTest, AHolderHasNobodyBeforeIt) {
  const std::string first = At(Recipe::kLock, "a-lock-0000000001");
  const std::string second = At(Recipe::kLock, "b-lock-0000000002");
  Change(1, Kind::kCreated, first);
  Change(2, Kind::kCreated, second);
  Change(5, Kind::kDeleted, first);
  facts_.holds = {{.party = 1, .node = first, .token = 1, .granted = 3},
                  {.party = 2, .node = second, .token = 2, .granted = 6}};
  EXPECT_THAT(Check(CheckLock), IsEmpty());
  facts_.holds[1].granted = 4;
  EXPECT_THAT(Check(CheckLock), ElementsAre(HasSubstr("stood before it")));
}

TEST_F(RecipeCheckersTest, AnOldTokenBehindANewOneMeansThatItsNodeWasGone) {
  const std::string first = At(Recipe::kLock, "a-lock-0000000001");
  const std::string second = At(Recipe::kLock, "b-lock-0000000002");
  Change(1, Kind::kCreated, first);
  Change(2, Kind::kCreated, second);
  facts_.accesses = {
      {.party = 2, .node = second, .token = 2, .sent = 6, .arrived = 7, .accepted = true},
      {.party = 1, .node = first, .token = 1, .sent = 4, .sent_us = 4, .arrived = 8}};
  EXPECT_THAT(Check(CheckLock), ElementsAre(HasSubstr("came behind it")));
  Change(5, Kind::kDeleted, first);
  EXPECT_THAT(Check(CheckLock), IsEmpty());
}

TEST_F(RecipeCheckersTest, ALeaderThatRunsLearnsInTimeThatItLeadsNoMore) {
  const std::string node = At(Recipe::kElection, "a-latch-0000000001");
  Change(1, Kind::kCreated, node);
  Change(10, Kind::kDeleted, node);
  facts_.notice_us = 100;
  facts_.accesses = {{.recipe = Recipe::kElection,
                      .party = 1,
                      .node = node,
                      .token = 1,
                      .sent = 20,
                      .sent_us = 500,
                      .arrived = 21,
                      .accepted = true}};
  EXPECT_THAT(Check(CheckElection), ElementsAre(HasSubstr("took itself for the holder")));
  facts_.slept = {{.party = 1, .from_us = 50, .to_us = 490}};
  EXPECT_THAT(Check(CheckElection), IsEmpty());
}

TEST_F(RecipeCheckersTest, AReaderWaitsForWritersAlone) {
  const std::string reader = At(Recipe::kSharedLock, "a-__READ__0000000001");
  const std::string other = At(Recipe::kSharedLock, "b-__READ__0000000002");
  const std::string writer = At(Recipe::kSharedLock, "c-__WRIT__0000000003");
  Change(1, Kind::kCreated, reader);
  Change(2, Kind::kCreated, other);
  Change(3, Kind::kCreated, writer);
  facts_.holds = {{.recipe = Recipe::kSharedLock,
                   .party = 2,
                   .node = other,
                   .reads = true,
                   .token = 2,
                   .granted = 4}};
  EXPECT_THAT(Check(CheckSharedLock), IsEmpty());
  facts_.holds.push_back(
      {.recipe = Recipe::kSharedLock, .party = 3, .node = writer, .token = 3, .granted = 5});
  EXPECT_THAT(Check(CheckSharedLock),
              ElementsAre(HasSubstr("stood before it"), HasSubstr("stood before it")));
}

TEST_F(RecipeCheckersTest, AnItemIsTakenTwiceOnlyWhereADeletionWasNotAnswered) {
  facts_.puts = {{.party = 1, .item = "item-1", .fate = Fate::kDone}};
  facts_.taken = {{.party = 1, .item = "item-1", .order = 1},
                  {.party = 2, .item = "item-1", .order = 2}};
  EXPECT_THAT(Check(CheckQueue), ElementsAre(HasSubstr("was taken by party 1 and by party 2")));
  facts_.item_paths["item-1"] = "/q/1";
  facts_.unanswered = {{.party = 1, .path = "/q/1"}};
  EXPECT_THAT(Check(CheckQueue), IsEmpty());
}

TEST_F(RecipeCheckersTest, AnItemThatNobodyHasIsLost) {
  facts_.puts = {{.party = 1, .item = "item-1", .fate = Fate::kDone}};
  EXPECT_THAT(Check(CheckQueue), ElementsAre(HasSubstr("is lost")));
  facts_.puts[0].recipe = Recipe::kConfirmedQueue;
  EXPECT_THAT(Check(CheckConfirmedQueue), ElementsAre(HasSubstr("is lost")));
  Last("/q/1", "item-1");
  EXPECT_THAT(Check(CheckConfirmedQueue), IsEmpty());
}

TEST_F(RecipeCheckersTest, AConfirmedItemIsNobodysAnyMore) {
  facts_.puts = {{.recipe = Recipe::kConfirmedQueue, .item = "item-1", .fate = Fate::kDone}};
  facts_.taken = {
      {.recipe = Recipe::kConfirmedQueue,
       .party = 1,
       .item = "item-1",
       .order = 1,
       .confirms = true,
       .confirmed = 3,
       .fate = Fate::kDone},
      {.recipe = Recipe::kConfirmedQueue, .party = 2, .session = 7, .item = "item-1", .order = 2}};
  EXPECT_THAT(Check(CheckConfirmedQueue), IsEmpty());
  facts_.taken[1].order = 4;
  EXPECT_THAT(Check(CheckConfirmedQueue), ElementsAre(HasSubstr("had confirmed")));
  // It had the item before, and slept while its session ended.
  facts_.item_paths["item-1"] = At(Recipe::kConfirmedQueue, "entries/entry-1");
  const std::string taken = At(Recipe::kConfirmedQueue, "taken/entry-1");
  Change(1, Kind::kCreated, taken, 7);
  Change(2, Kind::kDeleted, taken);
  EXPECT_THAT(Check(CheckConfirmedQueue), ElementsAre(HasSubstr("had confirmed")));
  history_.session_turns = {{.zxid = 2, .kind = SessionTurn::Kind::kExpired, .session = 7}};
  EXPECT_THAT(Check(CheckConfirmedQueue), IsEmpty());
  history_ = {};
  facts_.taken[1] = facts_.taken[0];
  EXPECT_THAT(Check(CheckConfirmedQueue), ElementsAre(HasSubstr("was confirmed by party 1 and")));
}

TEST_F(RecipeCheckersTest, ABarrierLetsThroughBehindItsRemovalOnly) {
  const std::string path = PathOf(Recipe::kBarrier);
  Change(1, Kind::kCreated, path);
  facts_.waited = {{.party = 1, .stood = 2, .returned = 9, .fate = Fate::kDone}};
  EXPECT_THAT(Check(CheckBarrier), ElementsAre(HasSubstr("was let through")));
  Change(5, Kind::kDeleted, path);
  EXPECT_THAT(Check(CheckBarrier), IsEmpty());
  facts_.waited[0].stood = 6;
  EXPECT_THAT(Check(CheckBarrier), ElementsAre(HasSubstr("was let through")));
}

TEST_F(RecipeCheckersTest, ADoubleBarrierLetsInAllOrNone) {
  facts_.barrier_members = 2;
  Change(2, Kind::kCreated, At(Recipe::kDoubleBarrier, "a"), 1);
  facts_.entered = {{.party = 1, .session = 1, .asked = 1, .returned = 3, .fate = Fate::kDone}};
  EXPECT_THAT(Check(CheckDoubleBarrier), ElementsAre(HasSubstr("with 1 of 2 members")));
  facts_.entered[0].returned = 9;
  Change(4, Kind::kCreated, At(Recipe::kDoubleBarrier, "b"), 2);
  Change(5, Kind::kCreated, At(Recipe::kDoubleBarrier, "ready"), 2);
  EXPECT_THAT(Check(CheckDoubleBarrier), IsEmpty());
  facts_.entered.push_back({.party = 2,
                            .session = 2,
                            .connected = true,
                            .asked = 3,
                            .returned = 8,
                            .fate = Fate::kLate});
  EXPECT_THAT(Check(CheckDoubleBarrier), ElementsAre(HasSubstr("was sent away")));
}

TEST_F(RecipeCheckersTest, WhatIsAddedCountsOnce) {
  Last(PathOf(Recipe::kCounter), "2");
  facts_.added = {{.party = 1, .fate = Fate::kDone, .value = 1},
                  {.party = 2, .fate = Fate::kDone, .value = 2}};
  EXPECT_THAT(Check(CheckCounter), IsEmpty());
  facts_.added[1].value = 1;
  EXPECT_THAT(Check(CheckCounter), ElementsAre(HasSubstr("both raised the counter to 1")));
  facts_.added.push_back({.party = 1, .fate = Fate::kDone, .value = 3});
  EXPECT_THAT(Check(CheckCounter),
              ElementsAre(HasSubstr("both raised"), HasSubstr("stands at 2, but 3 were added")));
}

TEST_F(RecipeCheckersTest, AnIdIsGivenOnce) {
  Last(PathOf(Recipe::kIds), "9");
  facts_.ids = {{.party = 1, .id = 3}, {.party = 2, .id = 4}};
  EXPECT_THAT(Check(CheckIds), IsEmpty());
  facts_.ids.push_back({.party = 2, .id = 3});
  facts_.ids.push_back({.party = 1, .id = 9});
  EXPECT_THAT(Check(CheckIds), ElementsAre(HasSubstr("id 3 was given to party 1 and to party 2"),
                                           HasSubstr("will be given again")));
}

TEST_F(RecipeCheckersTest, ASubscriberEndsAtTheLastValue) {
  const std::string path = PathOf(Recipe::kSubscription);
  Last(path, "v2");
  facts_.written[path] = {"v1", "v2"};
  facts_.shown = {{.recipe = Recipe::kSubscription,
                   .party = 1,
                   .kind = Shown::Kind::kChanged,
                   .path = path,
                   .data = "v2",
                   .mzxid = 5}};
  facts_.copies = {
      {.recipe = Recipe::kSubscription, .party = 1, .settled = true, .nodes = {{path, "v2"}}}};
  EXPECT_THAT(Check(CheckSubscription), IsEmpty());
  facts_.shown.push_back(facts_.shown[0]);
  EXPECT_THAT(Check(CheckSubscription), ElementsAre(HasSubstr("behind a value of")));
  facts_.shown.pop_back();
  facts_.copies[0].nodes[path] = "v1";
  EXPECT_THAT(Check(CheckSubscription), ElementsAre(HasSubstr("holds v1")));
}

TEST_F(RecipeCheckersTest, WhoJoinedIsListed) {
  const std::string path = At(Recipe::kGroup, "party-1");
  Change(1, Kind::kCreated, path, 7);
  facts_.listed = {{.recipe = Recipe::kGroup, .party = 1, .session = 8, .path = path, .since = 2}};
  EXPECT_THAT(Check(CheckGroup), ElementsAre(HasSubstr("was told that it is listed")));
  facts_.listed[0].session = 7;
  EXPECT_THAT(Check(CheckGroup), IsEmpty());
}

TEST_F(RecipeCheckersTest, AResolverKnowsTheEnabledInstancesInTheEnd) {
  const std::string path = At(Recipe::kDiscovery, "search/party-1");
  Last(path, "{\"enabled\":false}");
  facts_.copies = {{.recipe = Recipe::kDiscovery, .party = 2, .depth = 1, .settled = true}};
  EXPECT_THAT(Check(CheckDiscovery), IsEmpty());
  Last(path, "{\"enabled\":true}");
  EXPECT_THAT(Check(CheckDiscovery), ElementsAre(HasSubstr("holds no node")));
}

TEST_F(RecipeCheckersTest, ACacheTellsEachChangeOnceAndInOrder) {
  const std::string root = PathOf(Recipe::kTreeCache);
  Change(1, Kind::kCreated, root);
  Change(2, Kind::kCreated, root + "/a");
  const auto shown = [&](Shown::Kind kind, const std::string& path, model::Zxid zxid) {
    facts_.shown.push_back({.party = 1, .kind = kind, .path = path, .czxid = zxid, .mzxid = zxid});
  };
  shown(Shown::Kind::kAdded, root, 1);
  shown(Shown::Kind::kAdded, root + "/a", 2);
  EXPECT_THAT(Check(CheckTreeCache), IsEmpty());
  shown(Shown::Kind::kAdded, root + "/a", 2);
  shown(Shown::Kind::kRemoved, root, 1);
  shown(Shown::Kind::kAdded, root + "/b", 3);
  EXPECT_THAT(Check(CheckTreeCache),
              ElementsAre(HasSubstr("told before"), HasSubstr("before its children"),
                          HasSubstr("before its parent"), HasSubstr("no such write")));
}

}  // namespace
}  // namespace rookery::sim
