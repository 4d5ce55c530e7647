#include "coordinator/tree/overlay.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/tree/tree_fixture.h"

namespace rookery::tree {
namespace {

using testing::ElementsAre;

class OverlayTest : public TreeFixture {};

TEST_F(OverlayTest, ShowsItsOwnChangesOverTheBase) {
  tree_.Put("/a", {.data = "mine"});
  tree_.Erase("/a/b");
  tree_.Put("/c", {.data = "new"});
  EXPECT_EQ(Find("/a")->data, "mine");
  EXPECT_EQ(Find("/a/b"), nullptr);
  EXPECT_EQ(Find("/c")->data, "new");
  EXPECT_EQ(base_.nodes.at("/a").data, "old");
  EXPECT_FALSE(tree_.missed());
}

TEST_F(OverlayTest, KeepsOneEntryForEachPathHoweverManyThereAre) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 50; ++i) {
      tree_.Put(absl::StrCat("/n", i), {.data = absl::StrCat(i, "-", round)});
    }
  }
  ASSERT_EQ(tree_.entries().size(), 50u);
  EXPECT_EQ(tree_.entries()[0].path, "/n0");
  EXPECT_EQ(tree_.entries()[49].path, "/n49");
  EXPECT_EQ(Find("/n37")->data, "37-1");
  tree_.Erase("/n37");
  EXPECT_EQ(Find("/n37"), nullptr);
}

TEST_F(OverlayTest, ForgetsEverythingOnDiscard) {
  for (int i = 0; i < 50; ++i) tree_.Put(absl::StrCat("/n", i), {.data = "x"});
  tree_.Add({.path = "/n1"});
  tree_.Discard();
  EXPECT_TRUE(tree_.entries().empty());
  EXPECT_TRUE(tree_.changes().empty());
  EXPECT_EQ(Find("/n20"), nullptr);
  tree_.Put("/n20", {.data = "again"});
  EXPECT_EQ(Find("/n20")->data, "again");
}

TEST_F(OverlayTest, NotesWhatIsNotInMemory) {
  base_.unknown = {"/x", "/y"};
  base_.unknown_lists = {"/a"};
  EXPECT_EQ(Find("/x"), nullptr);
  EXPECT_EQ(Find("/y"), nullptr);
  EXPECT_TRUE(tree_.Children("/a").empty());
  EXPECT_TRUE(tree_.missed());
  EXPECT_THAT(tree_.missing().nodes, ElementsAre("/x", "/y"));
  EXPECT_THAT(tree_.missing().child_lists, ElementsAre("/a"));
}

}  // namespace
}  // namespace rookery::tree
