// Checkpoints that are damaged at their maker, under way, or at who fetches them.
#include "tests/unit/consensus_peer/transfer.h"

namespace rookery::consensus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using CheckpointDamageTest = CheckpointTransferTest;

TEST_F(CheckpointDamageTest, DamageUnderWayIsNoticedAndRepaired) {
  Random random(7);
  int damaged = 0;
  world.network().on_bytes = [&](Process*, Process*, std::string* bytes) {
    if (!random.Chance(0.1) || bytes->empty()) return;
    ++damaged;
    (*bytes)[random.Below(bytes->size())] ^= 1;
  };
  two.Fetch();
  ExpectReceived(two);
  EXPECT_GE(damaged, 2);
}

TEST_F(CheckpointDamageTest, DamageOnTheReceiversDiskIsNoticedAndRepaired) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  for (const std::string& part : two.Parts()) {
    ASSERT_TRUE(two.files.Write(part, "000012.sst", 100, "damage").ok());
  }
  ExpectReceived(two);
  EXPECT_GT(served, total + 2'900'000);
}

TEST_F(CheckpointDamageTest, AStrangeFileInItsDirectoryDoesNotStay) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->received_bytes() > total / 2; }));
  for (const std::string& part : two.Parts()) {
    ASSERT_TRUE(two.files.Write(part, "000099.sst", 0, "stranger").ok());
  }
  ExpectReceived(two);
}

TEST_F(CheckpointDamageTest, AFileThatChangesAtTheSenderIsNeverAccepted) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->total_bytes() > 0; }));
  ASSERT_TRUE(one.files.Write("checkpoint-7", "MANIFEST-000005", 5, "changed").ok());
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsDataLoss(two.result->status())) << two.result->status();
  EXPECT_FALSE(two.files.Has("received-7"));
  world.RunFor(kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 DATA_LOSS"));
}

TEST_F(CheckpointDamageTest, AFileThatVanishesAtTheSenderIsToldToIt) {
  two.Fetch();
  ASSERT_TRUE(world.RunUntil([&] { return two.fetch->total_bytes() > 0; }));
  one.files.DropFile("checkpoint-7", "MANIFEST-000005");
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsDataLoss(two.result->status())) << two.result->status();
  world.RunFor(20 * kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 DATA_LOSS"));
}

TEST_F(CheckpointDamageTest, WhatCannotBeInstalledIsRefusedAndToldToTheSender) {
  std::vector<std::string> looked;
  two.Fetch("checkpoint-7", [&](const std::string& path) {
    looked.push_back(path.substr(0, path.find('.')));
    return absl::InternalError("a table is missing");
  });
  ASSERT_TRUE(Done(two));
  EXPECT_TRUE(absl::IsDataLoss(two.result->status())) << two.result->status();
  EXPECT_THAT(std::string(two.result->status().message()), HasSubstr("a table is missing"));
  EXPECT_THAT(looked, ElementsAre("checkpoints/received-7")) << "before it has its name";
  EXPECT_THAT(two.Parts(), IsEmpty());
  world.RunFor(kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 DATA_LOSS"));
}

TEST_F(CheckpointDamageTest, ALookForWhichTheReceiversDiskIsTooFullBlamesNobodyElse) {
  two.Fetch("checkpoint-7",
            [](const std::string&) { return absl::ResourceExhaustedError("no space left"); });
  ASSERT_TRUE(Done(two));
  world.RunFor(kSecond);
  EXPECT_THAT(one.ended, ElementsAre("2 checkpoint-7 ABORTED"));
}

}  // namespace
}  // namespace rookery::consensus
