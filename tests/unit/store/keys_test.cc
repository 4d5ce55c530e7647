#include "coordinator/store/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "coordinator/model/path.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(KeysTest, PutLevelsAfterEachOtherAndChildrenTogether) {
  std::vector<std::string> paths = {"/b/a", "/a-b", "/", "/a/c/d", "/a/b", "/a", "/a-b/c", "/b"};
  std::sort(paths.begin(), paths.end(),
            [](const auto& a, const auto& b) { return NodeKey(a) < NodeKey(b); });
  EXPECT_THAT(paths, ElementsAre("/", "/a", "/a-b", "/b", "/a-b/c", "/a/b", "/b/a", "/a/c/d"));
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end(), &PathBefore));
}

TEST(KeysTest, PrefixOfChildrenMatchesTheseAlone) {
  EXPECT_THAT(NodeKey("/a/b"), StartsWith(ChildrenPrefix("/a")));
  EXPECT_THAT(NodeKey("/a"), StartsWith(ChildrenPrefix("/")));
  EXPECT_THAT(NodeKey("/a/b/c"), testing::Not(StartsWith(ChildrenPrefix("/a"))));
  EXPECT_THAT(NodeKey("/a-b/c"), testing::Not(StartsWith(ChildrenPrefix("/a"))));
  EXPECT_THAT(NodeKey("/a/b/c"), StartsWith(DescendantsPrefix("/a", 3)));
}

TEST(KeysTest, GiveBackPathsAndNames) {
  EXPECT_EQ(PathOfNodeKey(NodeKey("/a/b")), "/a/b");
  EXPECT_EQ(NameOfRowKey(RowKey("m")), "m");
}

TEST(KeysTest, AfterPrefixIsTheFirstKeyBehind) {
  EXPECT_EQ(AfterPrefix("ab"), "ac");
  EXPECT_EQ(AfterPrefix("a\xff\xff"), "b");
  EXPECT_EQ(AfterPrefix("\xff"), "");
  EXPECT_EQ(AfterPrefix(""), "");
}

}  // namespace
}  // namespace rookery::store
