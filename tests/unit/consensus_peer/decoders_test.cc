// Damaged bytes are refused or understood, never a crash, an endless loop or a huge allocation.
#include <gtest/gtest.h>

#include "coordinator/base/random.h"
#include "coordinator/consensus/peer/checkpoint_frame.h"
#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/peer_frame.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

// Calls `decode` with `bytes` cut, with flipped bits, and with pieces repeated.
template <typename Decode>
void Mutate(const std::string& bytes, const Decode& decode) {
  testing::internal::CaptureStderr();  // protobuf complains of texts that are not UTF-8
  Random random(bytes.size());
  for (int i = 0; i < 5000; ++i) {
    std::string mutant = bytes;
    for (uint64_t n = random.Below(4) + 1; n > 0 && !mutant.empty(); --n) {
      const size_t at = random.Below(mutant.size());
      switch (random.Below(4)) {
        case 0:
          mutant.resize(at);
          break;
        case 1:
          mutant[at] = static_cast<char>(random.Next());
          break;
        case 2:
          mutant[at] ^= static_cast<char>(1u << random.Below(8));
          break;
        default:
          mutant.insert(at, mutant.substr(random.Below(mutant.size()), random.Below(20)));
      }
    }
    decode(mutant);
  }
  testing::internal::GetCapturedStderr();
}

Hello FullHello() {
  Hello hello;
  hello.founding = Founders(3);
  hello.cluster_id = ClusterIdOf(hello.founding);
  hello.engine_id = hello.disk_id = hello.boot_id = 1;
  hello.state = FoundingState::kRunning;
  hello.line = Line(1);
  hello.lines = {Line(1), Line(2), Line(3)};
  return hello;
}

TEST(DecodersTest, PeerFramesSurviveDamage) {
  const MemberList members = FoundingMembers(Founders(3));
  const std::vector<PeerFrame> frames = {
      HelloFrame{FullHello(), 2},
      HelloAnswerFrame{FullHello(), HelloRefusal::kOtherDisk, "text", EncodeMemberList(members)},
      EngineFrame{"engine"}, GoodbyeFrame{"reason", true}, PingFrame{7}};
  for (const PeerFrame& frame : frames) {
    const std::string payload = EncodePeerFrame(frame).substr(kFrameHeaderBytes);
    EXPECT_TRUE(DecodePeerFrame(payload).ok());
    Mutate(payload, [](const std::string& bytes) { (void)DecodePeerFrame(bytes).status(); });
  }
}

TEST(DecodersTest, CheckpointFramesSurviveDamage) {
  const std::vector<CheckpointFrame> frames = {
      CheckpointRequestFrame{FullHello(), "name"},
      CheckpointManifestFrame{"", false, {{"a", 1, 2}, {"b", 3, 4}}}, PieceRequestFrame{1, 2, 3},
      PieceFrame{1, 2, "bytes"}, CheckpointEndFrame{"failure", true}};
  for (const CheckpointFrame& frame : frames) {
    const std::string payload = EncodeCheckpointFrame(frame).substr(kFrameHeaderBytes);
    EXPECT_TRUE(DecodeCheckpointFrame(payload).ok());
    Mutate(payload, [](const std::string& bytes) { (void)DecodeCheckpointFrame(bytes).status(); });
  }
}

TEST(DecodersTest, ListsSurviveDamage) {
  Mutate(EncodeFoundingList(Founders(3)),
         [](const std::string& bytes) { (void)DecodeFoundingList(bytes).status(); });
  Mutate(EncodeMemberList(FoundingMembers(Founders(3))),
         [](const std::string& bytes) { (void)DecodeMemberList(bytes).status(); });
  Mutate(EncodeMemberContext(FoundingMembers(Founders(3)).rows),
         [](const std::string& bytes) { (void)DecodeMemberContext(bytes).status(); });
}

TEST(FrameReaderTest, CutsAStreamThatComesInAnyPieces) {
  std::string stream;
  for (int i = 0; i < 50; ++i) {
    std::string frame(kFrameHeaderBytes, '\0');
    frame += std::string(static_cast<size_t>(i * 7), static_cast<char>('a' + i % 26));
    SealFrame(&frame);
    stream += frame;
  }
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    FrameReader reader(1000);
    size_t taken = 0;
    int frames = 0;
    while (taken < stream.size()) {
      const size_t size = std::min<size_t>(random.Below(40) + 1, stream.size() - taken);
      reader.Append(absl::string_view(stream).substr(taken, size));
      taken += size;
      while (true) {
        absl::StatusOr<std::optional<absl::string_view>> payload = reader.Next();
        ASSERT_TRUE(payload.ok());
        if (!payload->has_value()) break;
        EXPECT_EQ((*payload)->size(), static_cast<size_t>(frames * 7));
        ++frames;
      }
    }
    EXPECT_EQ(frames, 50);
  }
}

TEST(FrameReaderTest, AFrameOverTheBoundIsNoticedFromItsLengthAlone) {
  FrameReader reader(10);
  std::string frame(kFrameHeaderBytes + 11, '\0');
  SealFrame(&frame);
  reader.Append(absl::string_view(frame).substr(0, kFrameHeaderBytes));
  EXPECT_TRUE(absl::IsInvalidArgument(reader.Next().status()));
}

}  // namespace
}  // namespace rookery::consensus
