#include "coordinator/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace rookery {
namespace {

const std::vector<std::string> kKnown = {"retention.bytes", "retention.ms", "segment.ms"};

TEST(NearestWordTest, IsTheOneWithTheFewestLettersToChange) {
  EXPECT_EQ(NearestWord("retention.mss", kKnown, 1), "retention.ms");
  EXPECT_EQ(NearestWord("RETENTION.MS", kKnown, 0), "retention.ms");
  EXPECT_EQ(NearestWord("segmentms", kKnown, 4), "segment.ms");
}

TEST(NearestWordTest, IsNoneWhereEverythingIsFarther) {
  EXPECT_EQ(NearestWord("retention.mss", kKnown, 0), "");
  EXPECT_EQ(NearestWord("x", kKnown, 8), "");
  EXPECT_EQ(NearestWord("retention.ms", {}, 99), "");
}

}  // namespace
}  // namespace rookery
