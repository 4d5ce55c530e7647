// Checkers that count: versions, zxids, sequential names, writes done once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checkers/build.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SequentialNamesTest, TakesRisingNames) {
  Build build;
  build.Ok(1, Create("/s/a-", "1", 2), {1, 2}, 1, Made("/s/a-0000000000"));
  build.Ok(1, Create("/s/b-", "2", 2), {3, 4}, 2, Made("/s/b-0000000001"));
  EXPECT_THAT(CheckSequentialNames(build.history), IsEmpty());
}

TEST(SequentialNamesTest, FindsANameGivenTwice) {
  Build build;
  build.Ok(1, Create("/s/a-", "1", 2), {1, 2}, 1, Made("/s/a-0000000000"));
  build.Ok(2, Create("/s/a-", "2", 2), {3, 4}, 2, Made("/s/a-0000000000"));
  EXPECT_THAT(CheckSequentialNames(build.history), Contains(HasSubstr("was given to")));
}

TEST(SequentialNamesTest, FindsANumberThatFalls) {
  Build build;
  build.Ok(1, Create("/s/a-", "1", 2), {1, 2}, 1, Made("/s/a-0000000007"));
  build.Ok(2, Create("/s/b-", "2", 2), {3, 4}, 2, Made("/s/b-0000000006"));
  EXPECT_THAT(CheckSequentialNames(build.history), ElementsAre(HasSubstr("was made after")));
}

TEST(VersionsTest, FindsAZxidOfTwoWrites) {
  Build build;
  build.Ok(1, Set("/a", "1"), {1, 3}, 5);
  build.Ok(2, Set("/b", "2"), {2, 4}, 5);
  EXPECT_THAT(CheckVersions(build.history), ElementsAre(HasSubstr("one zxid for two writes")));
}

TEST(VersionsTest, FindsZxidsAgainstTime) {
  Build build;
  build.Ok(1, Set("/a", "1"), {1, 2}, 5);
  build.Ok(2, Set("/b", "2"), {3, 4}, 4);
  EXPECT_THAT(CheckVersions(build.history), ElementsAre(HasSubstr("is older")));
}

TEST(VersionsTest, FindsAReplyThatDoesNotFitToItsWrite) {
  Build build;
  build.Ok(1, Set("/a", "x", 3), {1, 2}, 5, Stats(StatOf(1, 5, 5)));
  EXPECT_THAT(CheckVersions(build.history), ElementsAre(HasSubstr("version of /a is 5, not 4")));
}

TEST(VersionsTest, FindsTwoValuesForOneVersion) {
  Build build;
  build.Ok(1, Get("/a"), {1, 2}, 5, Holds("x", StatOf(1, 3, 2)));
  build.Ok(2, Get("/a"), {3, 4}, 5, Holds("y", StatOf(1, 3, 2))).server = 2;
  EXPECT_THAT(CheckVersions(build.history), ElementsAre(HasSubstr("two values for one version")));
}

TEST(VersionsTest, FindsChildrenThatDoNotFitToTheirCversion) {
  Build build;
  model::Stat stat = StatOf(1, 1, 0);
  build.Ok(1, List("/a"), {1, 2}, 5, model::ChildrenReply{.stat = stat, .with_stat = true});
  stat.num_children = 1;
  build.Ok(1, List("/a"), {3, 4}, 5, model::ChildrenReply{.stat = stat, .with_stat = true});
  EXPECT_THAT(CheckVersions(build.history), Contains(HasSubstr("children of one cversion")));
}

TEST(VersionsTest, FindsAListThatLacksAName) {
  Build build;
  model::Stat stat = StatOf(1, 1, 0);
  stat.num_children = 2;
  build.Ok(1, List("/a"), {1, 2}, 5,
           model::ChildrenReply{.children = {"x", "y"}, .stat = stat, .with_stat = true});
  EXPECT_THAT(CheckVersions(build.history), IsEmpty());
  build.Ok(2, List("/a"), {3, 4}, 5,
           model::ChildrenReply{.children = {"x"}, .stat = stat, .with_stat = true});
  EXPECT_THAT(CheckVersions(build.history), ElementsAre(HasSubstr("1 names, but numChildren is 2"),
                                                        HasSubstr("two lists of children")));
}

// /a is made at zxid 1 and written twice: at zxid 2, and with an outcome that nobody knows.
class ExactlyOnceTest : public ::testing::Test {
 protected:
  ExactlyOnceTest() {
    build_.Ok(1, Create("/a", "1"), {1, 2}, 1, Made("/a"));
    build_.Ok(1, Set("/a", "2"), {3, 4}, 2, Stats(StatOf(1, 2, 1)));
    build_.Lost(1, Set("/a", "3"), {5, 6});
    build_.history.final_states.push_back({.server = 1, .zxid = 9});
    end()["/a"] = {.data = "2", .stat = StatOf(1, 2, 1)};
  }
  std::map<std::string, FinalNode>& end() { return build_.history.final_states[0].nodes; }
  Violations Check() { return CheckExactlyOnce(build_.history); }
  Build build_;
};

TEST_F(ExactlyOnceTest, AnUnknownOutcomeMayBeEither) {
  EXPECT_THAT(Check(), IsEmpty());
  end()["/a"] = {.data = "3", .stat = StatOf(1, 3, 2)};
  EXPECT_THAT(Check(), IsEmpty());
}

TEST_F(ExactlyOnceTest, FindsAWriteDoneTwice) {
  end()["/a"] = {.data = "3", .stat = StatOf(1, 4, 3)};
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("one was done twice")));
}

TEST_F(ExactlyOnceTest, FindsALostWrite) {
  end()["/a"] = {.data = "1", .stat = StatOf(1, 1, 0)};
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("one is lost"), HasSubstr("older than")));
}

TEST_F(ExactlyOnceTest, FindsALostNode) {
  end().clear();
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("has lost /a")));
}

TEST_F(ExactlyOnceTest, FindsACreationDoneTwice) {
  build_.Ok(1, Create("/a/s-", "4", 2), {7, 8}, 3, Made("/a/s-0000000000"));
  for (const char* path : {"/a/s-0000000000", "/a/s-0000000001"}) {
    end()[path] = {.data = "4", .stat = StatOf(3, 3, 0)};
  }
  end()["/a"].stat.cversion = end()["/a"].stat.num_children = 2;
  EXPECT_THAT(Check(), ElementsAre(HasSubstr("children made"), HasSubstr("written once")));
}

}  // namespace
}  // namespace rookery::sim
