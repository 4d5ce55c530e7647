// Who is not let in, and what strangers can do to the quorum port: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/consensus/peer/frame.h"
#include "coordinator/consensus/peer/hub.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HubRefusalTest : public ::testing::Test {
 protected:
  // Starts both and lets them try for a while. Returns why one let two not in.
  HelloRefusal TryFor(int64_t us) {
    EXPECT_TRUE(one.Start().ok());
    EXPECT_TRUE(two.Start().ok());
    world.RunFor(us);
    EXPECT_FALSE(one.hub->IsConnected(2));
    EXPECT_FALSE(two.hub->IsConnected(1));
    EXPECT_THAT(one.ears.heard, IsEmpty());
    EXPECT_THAT(two.ears.heard, IsEmpty());
    const std::vector<Applicant> applicants = one.hub->Applicants(5'000'000);
    return applicants.empty() ? HelloRefusal::kNone : applicants[0].refusal;
  }

  World world;
  Server one{&world, 1, Founders(2)};
  Server two{&world, 2, Founders(2)};
};

TEST_F(HubRefusalTest, AnotherCluster) {
  two.self.cluster_id ^= 1;
  EXPECT_EQ(TryFor(3'000'000), HelloRefusal::kOtherCluster);
}

TEST_F(HubRefusalTest, AChangedDisk) {
  two.self.disk_id = 0xeeee;
  EXPECT_EQ(TryFor(3'000'000), HelloRefusal::kOtherDisk);
  EXPECT_EQ(one.hub->Applicants(5'000'000)[0].disk_id, 0xeeeeu);
}

TEST_F(HubRefusalTest, ALevelBelowTheEnsembles) {
  ASSERT_TRUE(one.Start().ok());
  one.hub->SetMembers(FoundingMembers(Founders(2)), 2);
  ASSERT_TRUE(two.Start().ok());
  world.RunFor(3'000'000);
  EXPECT_FALSE(two.hub->IsConnected(1));
  EXPECT_EQ(one.hub->Applicants(5'000'000).at(0).refusal, HelloRefusal::kLevelTooLow);
}

TEST_F(HubRefusalTest, ItsOwnEngineId) {
  two.self.engine_id = 1;
  two.self.disk_id = one.self.disk_id;
  EXPECT_EQ(TryFor(3'000'000), HelloRefusal::kNone);
}

TEST_F(HubRefusalTest, AnotherMemberAtTheAddress) {
  // Both member lists give server 2 the address of server 1's neighbour 3.
  Server three(&world, 3, Founders(3));
  one.list = three.list = Founders(3);
  one.self.cluster_id = three.self.cluster_id;
  one.list.founders[1].line.quorum_port = Line(3).quorum_port;
  ASSERT_TRUE(one.Start().ok());
  ASSERT_TRUE(three.Start().ok());
  ASSERT_TRUE(world.RunUntil([&] { return one.hub->IsConnected(3); }));
  world.RunFor(3'000'000);
  EXPECT_FALSE(one.hub->IsConnected(2));
}

TEST_F(HubRefusalTest, SaysNothingToAnEmptyServerButWhatToDo) {
  two.self.cluster_id = two.self.engine_id = 0;
  two.self.state = FoundingState::kEmpty;
  two.self.founding = {};
  two.self.disk_id = 0xeeee;
  const HelloVerdict wiped = JudgeHello(one.self, FoundingMembers(Founders(2)), 1, two.self, 0);
  EXPECT_EQ(wiped.refusal, HelloRefusal::kOtherDisk);
  EXPECT_THAT(wiped.text, HasSubstr("rookery ensemble rejoin 2"));
  two.self.line.number = 7;
  const HelloVerdict stranger = JudgeHello(one.self, FoundingMembers(Founders(2)), 1, two.self, 0);
  EXPECT_EQ(stranger.refusal, HelloRefusal::kNoRow);
  EXPECT_THAT(stranger.text, HasSubstr("rookery ensemble add 7"));
}

// Writes bytes to the quorum port and sees whether the connection is ended.
class Stranger : public StreamHandler {
 public:
  Stranger(World* world, const std::string& bytes) : process_(world) {
    process_.Connect({"127.0.0.1", Line(1).quorum_port}, 1'000'000,
                     [this, bytes](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                       stream_ = *std::move(stream);
                       stream_->Start(this);
                       if (!bytes.empty()) stream_->Write(bytes);
                     });
  }
  void OnBytes(absl::string_view bytes) override { answer.append(bytes.data(), bytes.size()); }
  void OnClosed(absl::Status) override { ended = true; }
  bool ended = false;
  std::string answer;

 private:
  Process process_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(HubRefusalTest, EndsAConnectionOfGarbageAlone) {
  ASSERT_TRUE(one.Start().ok());
  ASSERT_TRUE(two.Start().ok());
  ASSERT_TRUE(world.RunUntil([&] { return one.hub->IsConnected(2); }));
  std::string sealed(kFrameHeaderBytes, 0);
  sealed += "\xff\xff\xff no protobuf";
  SealFrame(&sealed);
  std::string damaged = EncodePeerFrame(HelloFrame{two.self, 1});
  damaged.back() ^= 1;
  const std::string no_hello = EncodePeerFrame(EngineFrame{"vote for me"});
  const std::string pong = EncodePeerFrame(PongFrame{1});
  std::string large(4, '\xff');
  Hello no_boot = two.self;
  no_boot.boot_id = 0;
  const std::string half = EncodePeerFrame(HelloFrame{no_boot, 1});
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\n\r\n"), sealed, damaged, no_hello,
                                   pong, large + large, half}) {
    Stranger stranger(&world, bytes);
    EXPECT_TRUE(world.RunUntil([&] { return stranger.ended; }, 10'000)) << bytes;
    EXPECT_EQ(stranger.answer, "");
  }
  EXPECT_TRUE(one.hub->IsConnected(2));
  EXPECT_EQ(one.ears.heard.size(), 1u);
}

TEST_F(HubRefusalTest, EndsAConnectionThatSaysNothing) {
  ASSERT_TRUE(one.Start().ok());
  for (const std::string& bytes : {std::string(), std::string("\x10\0\0\0", 4)}) {
    Stranger stranger(&world, bytes);
    EXPECT_FALSE(world.RunUntil([&] { return stranger.ended; }, 1'900'000));
    EXPECT_TRUE(world.RunUntil([&] { return stranger.ended; }, 200'000));
  }
}

TEST_F(HubRefusalTest, ManySilentConnectionsDoNotKeepAPeerOutForLong) {
  ASSERT_TRUE(one.Start().ok());
  std::vector<std::unique_ptr<Stranger>> crowd;
  for (int i = 0; i < 200; ++i) crowd.push_back(std::make_unique<Stranger>(&world, ""));
  world.RunFor(10'000);
  ASSERT_TRUE(two.Start().ok());
  EXPECT_TRUE(world.RunUntil([&] { return one.hub->IsConnected(2); }, 5'000'000));
}

TEST_F(HubRefusalTest, DamagedBytesOfAPeerEndThatConnectionAndNothingIsTakenFromThem) {
  ASSERT_TRUE(one.Start().ok());
  ASSERT_TRUE(two.Start().ok());
  ASSERT_TRUE(world.RunUntil([&] { return one.hub->IsConnected(2) && two.hub->IsConnected(1); }));
  world.network().on_bytes = [](Process*, Process*, std::string* bytes) { bytes->back() ^= 0x40; };
  EXPECT_TRUE(one.hub->SendEngineMessage(2, "append"));
  world.network().on_bytes = nullptr;
  ASSERT_TRUE(world.RunUntil([&] { return two.ears.Count("disconnected 1") == 1; }));
  ASSERT_TRUE(world.RunUntil([&] { return two.hub->IsConnected(1); }));
  for (const std::string& line : two.ears.heard)
    EXPECT_THAT(line, ::testing::Not(HasSubstr("engine")));
  EXPECT_EQ(two.ears.Count("lost 1 refused"), 0);
}

}  // namespace
}  // namespace rookery::consensus
