// A node's bytes, as they may come from a damaged disk or from another server's checkpoint.
#include "coordinator/store/node_codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace rookery::store {
namespace {

std::string Encode(const Node& node) {
  std::string bytes;
  EncodeNode(node, &bytes);
  return bytes;
}

TEST(NodeCodecTest, NumbersThatLieFarApartAreReadAndWritten) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
  const Node node = {
      .czxid = kLowest, .mzxid = kHighest, .pzxid = 1, .ctime_ms = kHighest, .mtime_ms = kLowest};
  const auto again = DecodeNode(Encode(node));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->mzxid, kHighest);
  EXPECT_EQ(again->pzxid, 1);
  EXPECT_EQ(again->mtime_ms, kLowest);
  EXPECT_EQ(Encode(*again), Encode(node));
}

TEST(NodeCodecTest, RefusesFlagsThatItDoesNotKnow) {
  std::string bytes = Encode(Node{.data = "x"});
  ASSERT_TRUE(DecodeNode(bytes).ok());
  bytes[1] = static_cast<char>(bytes[1] | 0x08);
  EXPECT_EQ(DecodeNode(bytes).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rookery::store
