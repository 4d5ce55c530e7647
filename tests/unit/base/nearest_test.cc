#include "coordinator/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace rookery {
namespace {

const std::vector<absl::string_view> kKnown = {"retention.bytes", "retention.ms", "segment.ms"};

TEST(NearestWordTest, IsTheOneWithTheFewestLettersToChange) {
  EXPECT_EQ(NearestWord("retention.mss", kKnown), "retention.ms");
  EXPECT_EQ(NearestWord("RETENTION.MS", kKnown), "retention.ms");
  EXPECT_EQ(NearestWord("segmentms", kKnown), "segment.ms");
}

TEST(NearestWordTest, IsNoneWhereEverythingIsFar) {
  EXPECT_EQ(NearestWord("x", kKnown), "");
  EXPECT_EQ(NearestWord("completely.else", kKnown), "");
  EXPECT_EQ(NearestWord("retention.ms", {}), "");
}

}  // namespace
}  // namespace rookery
