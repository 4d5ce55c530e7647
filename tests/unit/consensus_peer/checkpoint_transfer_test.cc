#include "tests/unit/consensus_peer/transfer.h"

namespace rookery::consensus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(CheckpointTransferTest, BringsEveryFileVerifiedAndSynced) {
  two.Fetch();
  world.RunFor(5'000);
  EXPECT_THAT(one.sender->Serving(), ElementsAre("checkpoint-7"));
  ExpectReceived(two);
  world.RunFor(20 * kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 OK"));
  EXPECT_THAT(one.sender->Serving(), IsEmpty());
  EXPECT_LT(served, total + total / 50);
  EXPECT_EQ(two.fetch->received_bytes(), total);
}

TEST_F(CheckpointTransferTest, SeveralReceiversAtOnce) {
  Receiving three(&world, 3), four(&world, 4);
  two.Fetch();
  three.Fetch();
  world.RunFor(3'000);
  four.Fetch();
  ExpectReceived(two);
  ExpectReceived(three);
  ExpectReceived(four);
  world.RunFor(kSecond);
  EXPECT_EQ(one.ended.size(), 3u);
}

TEST_F(CheckpointTransferTest, GoesOnAfterEveryBreakOfTheConnection) {
  two.Fetch();
  int breaks = 0;
  while (!world.RunUntil([&] { return two.result.has_value(); }, 5'000)) {
    if (two.fetch->received_bytes() == total) continue;  // it verifies
    world.network().Reset(&one.process, &two.process);
    ++breaks;
    world.RunFor(51'000);
  }
  EXPECT_GE(breaks, 3);
  ExpectReceived(two);
  world.RunFor(20 * kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 OK"));
  // Each break costs at most what was asked for and under way.
  EXPECT_LT(served, total * 105 / 100 + breaks * (kPiecesMax + 1) * kPieceBytes);
}

TEST_F(CheckpointTransferTest, GoesOnAfterTheReceiverStartedAgain) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  two.Kill();
  world.RunFor(kSecond);
  served = 0;
  two.Fetch();
  ExpectReceived(two);
  EXPECT_LT(served, total * 6 / 10);
}

TEST_F(CheckpointTransferTest, ComesOutRightAfterThePowerFailed) {
  for (const double part : {0.1, 0.5, 0.9}) {
    two.Fetch();
    ASSERT_TRUE(world.RunUntil([&] {
      return static_cast<double>(two.fetch->received_bytes()) > part * static_cast<double>(total);
    }));
    two.Kill();
    two.files.LosePower();
  }
  two.Fetch();
  ExpectReceived(two);
}

TEST_F(CheckpointTransferTest, GoesOnAfterTheSenderStartedAgain) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  one.Kill();
  world.RunFor(2 * kSecond);
  one.Start();
  ExpectReceived(two);
}

TEST_F(CheckpointTransferTest, GivesUpWhenTheSenderStaysAwayAndKeepsWhatItHas) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  one.Kill();
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsUnavailable(two.result->status())) << two.result->status();
  one.Start();
  served = 0;
  two.Fetch();
  ExpectReceived(two);
  EXPECT_LT(served, total * 6 / 10);
}

TEST_F(CheckpointTransferTest, ACheckpointThatIsGoneIsReported) {
  two.Fetch("checkpoint-6");
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsNotFound(two.result->status()));
  world.RunFor(kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-6 NOT_FOUND"));
}

TEST_F(CheckpointTransferTest, ACheckpointRemovedUnderWayIsReported) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  ASSERT_TRUE(one.files.Remove("checkpoint-7").ok());
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsNotFound(two.result->status())) << two.result->status();
}

TEST_F(CheckpointTransferTest, StrangersAreRefused) {
  two.hello.cluster_id ^= 1;
  two.Fetch();
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsFailedPrecondition(two.result->status()));
  EXPECT_THAT(std::string(two.result->status().message()), HasSubstr("belongs to ensemble"));
  EXPECT_THAT(one.ended, IsEmpty());
}

TEST_F(CheckpointTransferTest, AFullDiskIsToldToTheSender) {
  int changes = 0;
  two.files.SetOnChange([&](const std::string&) {
    return ++changes > 9 ? absl::ResourceExhaustedError("no space left") : absl::OkStatus();
  });
  two.Fetch();
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsResourceExhausted(two.result->status()));
  world.RunFor(kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 ABORTED"));
}

TEST_F(CheckpointTransferTest, AReceiverThatVanishesIsReportedOnce) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > 0; }));
  two.Kill();
  world.RunFor(4 * kSecond);
  EXPECT_THAT(one.ended, IsEmpty());
  EXPECT_THAT(one.sender->Serving(), ElementsAre("checkpoint-7"));
  world.RunFor(2 * kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 UNAVAILABLE"));
}

TEST_F(CheckpointTransferTest, ASlowDiskHoldsTheSenderBack) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > 0; }));
  two.background->stuck = true;
  served = 0;
  world.RunFor(5 * kSecond);
  EXPECT_LE(served, (kPiecesMax + 1) * (kPieceBytes + 64));
  const size_t held = served;
  world.RunFor(5 * kSecond);
  EXPECT_EQ(served, held);
  two.background->SetFree();
  ExpectReceived(two);
}

TEST_F(CheckpointTransferTest, AFetchThatIsGivenUpCallsNobody) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > 0; }));
  two.fetch.reset();
  world.RunFor(30 * kSecond);
  EXPECT_FALSE(two.result.has_value());
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 UNAVAILABLE"));
}

// Sends frames to the election port and hears whether the connection ends.
class Stranger : public StreamHandler {
 public:
  Stranger(World* world, std::vector<std::string> frames) : process_(world) {
    process_.Connect({"127.0.0.1", Line(1).election_port}, kSecond,
                     [this, frames](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                       stream_ = *std::move(stream);
                       stream_->Start(this);
                       for (const std::string& frame : frames) stream_->Write(frame);
                     });
  }
  void OnBytes(absl::string_view) override {}
  void OnClosed(absl::Status) override { ended = true; }
  bool ended = false;

 private:
  Process process_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(CheckpointTransferTest, HostileFramesEndTheirConnectionAlone) {
  two.Fetch();
  const std::string request =
      EncodeCheckpointFrame(CheckpointRequestFrame{MemberHello(3), "checkpoint-7"});
  const std::vector<std::vector<std::string>> attacks = {
      {"GET / HTTP/1.1\r\n\r\n"},
      {EncodeCheckpointFrame(PieceRequestFrame{0, 0, 10})},
      {request, request},
      {request, EncodeCheckpointFrame(PieceRequestFrame{99, 0, 10})},
      {request, EncodeCheckpointFrame(PieceRequestFrame{0, uint64_t{1} << 60, 10})},
      {request, EncodeCheckpointFrame(PieceRequestFrame{0, ~uint64_t{0}, 10})},
      {request, EncodeCheckpointFrame(PieceRequestFrame{0, 0, 0})},
      {request, EncodeCheckpointFrame(PieceRequestFrame{0, 0, 2 << 20})},
      {EncodeCheckpointFrame(CheckpointRequestFrame{MemberHello(3), "../../etc"})},
      {EncodeCheckpointFrame(CheckpointRequestFrame{MemberHello(3), ""})},
      {EncodeCheckpointFrame(CheckpointRequestFrame{Hello(), "checkpoint-7"})}};
  for (const auto& frames : attacks) {
    Stranger stranger(&world, frames);
    EXPECT_TRUE(world.RunUntil([&] { return stranger.ended; }, 20'000)) << frames.back();
  }
  ExpectReceived(two);
}

TEST_F(CheckpointTransferTest, AManifestWithADangerousNameIsRefused) {
  for (const char* name : {"../x", "a/b", ".hidden", ""}) {
    std::string frame = EncodeCheckpointFrame(CheckpointManifestFrame{"", false, {{name, 1, 2}}});
    EXPECT_FALSE(DecodeCheckpointFrame(absl::string_view(frame).substr(8)).ok()) << name;
  }
}

}  // namespace
}  // namespace rookery::consensus
