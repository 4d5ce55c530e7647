#include "tests/sim/clients/grpc_wire.h"

#include <gtest/gtest.h>

#include <vector>

namespace rookery::sim {
namespace {

using Frames = std::vector<std::pair<GrpcFrame, std::string>>;

TEST(GrpcWireTest, ReadsTheSameHoweverTheStreamIsCut) {
  std::string bytes;
  PutFrame(GrpcFrame::kMessage, "hello", &bytes);
  PutFrame(GrpcFrame::kUnary, "", &bytes);
  PutFrame(GrpcFrame::kEnd, EncodeStatus(absl::UnavailableError("gone")), &bytes);
  for (size_t step = 1; step <= bytes.size(); ++step) {
    FrameReader reader;
    Frames frames;
    for (size_t at = 0; at < bytes.size(); at += step) {
      reader.Take(absl::string_view(bytes).substr(at, step),
                  [&](GrpcFrame kind, absl::string_view payload) {
                    frames.emplace_back(kind, payload);
                    return true;
                  });
    }
    ASSERT_EQ(frames.size(), 3u) << step;
    EXPECT_EQ(frames[0].second, "hello");
    EXPECT_EQ(frames[1].first, GrpcFrame::kUnary);
    EXPECT_EQ(DecodeStatus(frames[2].second), absl::UnavailableError("gone"));
  }
}

TEST(GrpcWireTest, AReaderThatHasEnoughGetsNoMore) {
  std::string bytes;
  PutFrame(GrpcFrame::kMessage, "a", &bytes);
  PutFrame(GrpcFrame::kMessage, "b", &bytes);
  FrameReader reader;
  int frames = 0;
  reader.Take(bytes, [&](GrpcFrame, absl::string_view) {
    ++frames;
    return false;
  });
  EXPECT_EQ(frames, 1);
}

}  // namespace
}  // namespace rookery::sim
