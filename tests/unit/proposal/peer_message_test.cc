#include "coordinator/proposal/peer_message.h"

#include <gtest/gtest.h>

#include "coordinator/base/random.h"

namespace rookery::proposal {
namespace {

std::vector<PeerMessage> Samples() {
  return {
      Forward{.incarnation = 3, .first_ticket = 300, .attempt = 2, .requests = {"a", "", "ccc"}},
      Cursor{.term = 9, .incarnation = 3, .attempt = 2, .last_ticket = 302, .go_back = true},
      Wish{"an entry"},
      Report{.sequence = 5, .round = 6, .sessions = {{0x0100000000000001, 77}, {-2, 0}}},
      Report{.sequence = 5, .ended = {{7, 3, 12}, {-2, 0, 0}}, .attempted = {{8, 1, 500}}},
      Report{.sequence = 5, .attempted = {{8, 1, 500}}},
      Report{.sequence = 5, .round = 6, .applied_index = 300, .sessions = {{7, 77}}},
      Report{.sequence = 5, .applied_index = 300, .ended = {{7, 3, 12}}},
      ReportTaken{.term = 9, .sequence = 5, .commit_index = 1234567},
      RoundCall{.term = 9, .round = 6}};
}

TEST(PeerMessageTest, EveryKindComesBackAsItWent) {
  for (const PeerMessage& message : Samples()) {
    const std::string bytes = EncodePeerMessage(message);
    const absl::StatusOr<PeerMessage> decoded = DecodePeerMessage(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(EncodePeerMessage(*decoded), bytes);
  }
}

// A build that knows of no applied index reads a session that does not exist, and passes over it.
TEST(PeerMessageTest, TheAppliedIndexOfAReportHasTheFormOfASession) {
  const std::string bytes =
      EncodePeerMessage(Report{.sequence = 5, .applied_index = 300, .sessions = {{7, 77}}});
  EXPECT_EQ(bytes, EncodePeerMessage(Report{.sequence = 5, .sessions = {{0, 300}, {7, 77}}}));
  const absl::StatusOr<PeerMessage> decoded = DecodePeerMessage(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const Report& report = std::get<Report>(*decoded);
  EXPECT_EQ(report.applied_index, 300u);
  ASSERT_EQ(report.sessions.size(), 1u);
  EXPECT_EQ(report.sessions[0].session, 7);
  EXPECT_EQ(report.sessions[0].idle_ms, 77);
  EXPECT_FALSE(DecodePeerMessage(EncodePeerMessage(Report{.sessions = {{0, 0}}})).ok());
}

TEST(PeerMessageTest, RefusesWhatIsCutOrLonger) {
  for (const PeerMessage& message : Samples()) {
    const std::string bytes = EncodePeerMessage(message);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_FALSE(DecodePeerMessage(bytes.substr(0, length)).ok());
    }
    EXPECT_FALSE(DecodePeerMessage(bytes + "x").ok());
  }
}

TEST(PeerMessageTest, GarbageIsRefusedOrDecodedButNeverHarms) {
  Random random(1);
  const uint64_t samples = Samples().size();
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = EncodePeerMessage(Samples()[random.Below(samples)]);
    for (uint64_t flips = 1 + random.Below(3); flips > 0; --flips) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Next());
    }
    const absl::StatusOr<PeerMessage> decoded = DecodePeerMessage(bytes);
    if (!decoded.ok()) {
      EXPECT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss);
    } else if (const auto* forward = std::get_if<Forward>(&*decoded)) {
      for (const absl::string_view request : forward->requests) {
        EXPECT_GE(request.data(), bytes.data());
        EXPECT_LE(request.data() + request.size(), bytes.data() + bytes.size());
      }
    }
  }
}

}  // namespace
}  // namespace rookery::proposal
