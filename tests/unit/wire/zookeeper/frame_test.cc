#include "coordinator/wire/zookeeper/frame.h"

#include <gtest/gtest.h>

#include <vector>

#include "coordinator/base/random.h"
#include "tests/unit/wire/hex.h"

namespace rookery::wire {
namespace {

using Kind = FrameSplitter::Kind;
using FirstBytes = FrameSplitter::FirstBytes;

TEST(FrameSplitterTest, OneByteAtATime) {
  FrameSplitter splitter(100, FirstBytes::kFrame);
  const std::string bytes = FromHex("00000003 616263 00000000 00000001 7a");
  std::vector<std::string> frames;
  for (const char byte : bytes) {
    splitter.Append(absl::string_view(&byte, 1));
    for (auto item = splitter.Next(); item.kind != Kind::kMore; item = splitter.Next()) {
      ASSERT_EQ(item.kind, Kind::kFrame);
      frames.emplace_back(item.bytes);
    }
  }
  EXPECT_EQ(frames, (std::vector<std::string>{"abc", "", "z"}));
}

TEST(FrameSplitterTest, AnyCutOfAStreamGivesTheSameFrames) {
  Random random(7);
  std::string stream;
  std::vector<std::string> sent;
  for (int i = 0; i < 300; ++i) {
    std::string frame(random.Below(2000), static_cast<char>(i));
    const uint32_t length = __builtin_bswap32(static_cast<uint32_t>(frame.size()));
    stream.append(reinterpret_cast<const char*>(&length), 4).append(frame);
    sent.push_back(std::move(frame));
  }
  FrameSplitter splitter(2000, FirstBytes::kFrame);
  std::vector<std::string> received;
  for (size_t at = 0; at < stream.size();) {
    const size_t count = std::min<size_t>(1 + random.Below(3000), stream.size() - at);
    splitter.Append(absl::string_view(stream).substr(at, count));
    at += count;
    for (auto item = splitter.Next(); item.kind == Kind::kFrame; item = splitter.Next()) {
      received.emplace_back(item.bytes);
    }
  }
  EXPECT_EQ(received, sent);
}

TEST(FrameSplitterTest, LongestFrameIsTakenAndOneByteMoreIsNot) {
  FrameSplitter exact(kFrameBytesMaxDefault, FirstBytes::kFrame);
  exact.Append(FromHex("000fffff"));
  EXPECT_EQ(exact.Next().kind, Kind::kMore);
  exact.Append(std::string(kFrameBytesMaxDefault, 'x'));
  EXPECT_EQ(exact.Next().bytes.size(), kFrameBytesMaxDefault);
  FrameSplitter longer(kFrameBytesMaxDefault, FirstBytes::kFrame);
  longer.Append(FromHex("00100000"));
  EXPECT_EQ(longer.Next().kind, Kind::kTooLong);
}

TEST(FrameSplitterTest, NegativeLengthIsRefused) {
  FrameSplitter splitter(100, FirstBytes::kFrame);
  splitter.Append(FromHex("ffffffff"));
  EXPECT_EQ(splitter.Next().kind, Kind::kTooLong);
}

TEST(FrameSplitterTest, WordIsRecognisedFirstOnly) {
  FrameSplitter splitter(0x7fffffff, FirstBytes::kFrameOrWord);
  splitter.Append("ruo");
  EXPECT_EQ(splitter.Next().kind, Kind::kMore);
  splitter.Append("k\n");
  const auto word = splitter.Next();
  EXPECT_EQ(word.kind, Kind::kWord);
  EXPECT_EQ(word.bytes, "ruok");
  EXPECT_EQ(splitter.Rest(), "\n");

  FrameSplitter later(0x7fffffff, FirstBytes::kFrameOrWord);
  later.Append(FromHex("00000001 61") + "ruok");
  EXPECT_EQ(later.Next().bytes, "a");
  EXPECT_EQ(later.Next().kind, Kind::kMore);  // a length of 0x72756f6b
}

TEST(FrameSplitterTest, UnknownWordIsALength) {
  FrameSplitter splitter(kFrameBytesMaxDefault, FirstBytes::kFrameOrWord);
  splitter.Append("GET /");
  EXPECT_EQ(splitter.Next().kind, Kind::kTooLong);
}

}  // namespace
}  // namespace rookery::wire
