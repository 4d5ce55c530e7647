#include "coordinator/model/path.h"

#include <gtest/gtest.h>

namespace rookery::model {
namespace {

TEST(PathTest, AcceptsWhatZooKeeperAccepts) {
  for (const char* path : {"/", "/a", "/a/b", "/...", "/.a", "/a..", "/\xC3\xA9", "/a b"}) {
    EXPECT_TRUE(IsValidPath(path)) << path;
  }
}

TEST(PathTest, RefusesWhatZooKeeperRefuses) {
  for (const char* path :
       {"", "a", "/a/", "//", "/a//b", "/.", "/..", "/a/./b", "/a/..", "/\x01", "/\x7F",
        "/\xC2\x80", "/\xF0\x9F\x98\x80", "/\xEE\x80\x80", "/\xEF\xBF\xBF", "/\xFF", "/\xC0\x80"}) {
    EXPECT_FALSE(IsValidPath(path)) << path;
  }
  EXPECT_FALSE(IsValidPath(absl::string_view("/a\0b", 4)));
}

TEST(PathTest, CutsPathsIntoParentAndName) {
  EXPECT_EQ(ParentPath("/a"), "/");
  EXPECT_EQ(ParentPath("/a/b"), "/a");
  EXPECT_EQ(ParentPath("/a//b"), "/a/");
  EXPECT_EQ(BaseName("/a/b"), "b");
  EXPECT_EQ(ChildPath("/", "a"), "/a");
  EXPECT_EQ(ChildPath("/a", "b"), "/a/b");
  EXPECT_EQ(PathDepth("/"), 0u);
  EXPECT_EQ(PathDepth("/a/b"), 2u);
}

TEST(PathTest, FormatsSequencesWithTheSignInTheWidth) {
  EXPECT_EQ(SequenceSuffix(0), "0000000000");
  EXPECT_EQ(SequenceSuffix(42), "0000000042");
  EXPECT_EQ(SequenceSuffix(-1), "-000000001");
  EXPECT_EQ(SequenceSuffix(INT32_MIN), "-2147483648");
}

}  // namespace
}  // namespace rookery::model
