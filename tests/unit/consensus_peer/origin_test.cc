// Restored data directories: their mark on the disk, and founding with it.
#include "coordinator/consensus/peer/origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/consensus/peer/founding.h"
#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kNowUs = 1'000'000;

Origin Restored() {
  return {.stage = Origin::Stage::kReady,
          .state_directory = "state-1",
          .digest = 0xfeed,
          .zxid = int64_t{0x10001} << 32};
}

TEST(OriginTest, ReadsWhatItStored) {
  MemoryFiles files;
  EXPECT_TRUE(absl::IsNotFound(LoadOrigin(&files).status()));
  ASSERT_TRUE(StoreOrigin(&files, Restored()).ok());
  EXPECT_EQ(*LoadOrigin(&files), Restored());
}

TEST(OriginTest, EveryFlippedBitAndEveryCutIsNoticed) {
  MemoryFiles files;
  ASSERT_TRUE(StoreOrigin(&files, Restored()).ok());
  const std::string good = files.files[kOriginFile];
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    files.files[kOriginFile] = good;
    files.files[kOriginFile][bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_FALSE(LoadOrigin(&files).ok()) << bit;
  }
  for (size_t size = 0; size < good.size(); ++size) {
    files.files[kOriginFile] = good.substr(0, size);
    EXPECT_FALSE(LoadOrigin(&files).ok()) << size;
  }
}

TEST(OriginTest, NamesTheState) {
  Origin other = Restored();
  EXPECT_EQ(other.Id(), Restored().Id());
  other.digest ^= 1;
  EXPECT_NE(other.Id(), Restored().Id());
}

// An empty server of an ensemble of two.
Hello Empty(uint32_t number, uint64_t origin) {
  Identity identity;
  identity.disk_id = 0xd000 + number;
  Hello hello = HelloOf(identity, /*boot_id=*/number, /*level=*/1, {Line(1), Line(2)}, number);
  hello.origin = origin;
  return hello;
}

Founding::Decision Decide(uint64_t own_origin, uint64_t their_origin) {
  Founding founding(Empty(1, own_origin), /*fresh_us=*/kNowUs);
  founding.OnHello(Empty(2, their_origin), kNowUs);
  return founding.Decide(kNowUs);
}

TEST(OriginTest, ServersOfOneBackupFoundAnEnsembleOfItsOwnId) {
  const Founding::Decision empty = Decide(0, 0);
  const Founding::Decision restored = Decide(77, 77);
  ASSERT_EQ(empty.kind, Founding::Decision::Kind::kFound) << empty.text;
  ASSERT_EQ(restored.kind, Founding::Decision::Kind::kFound) << restored.text;
  EXPECT_EQ(restored.identity.founding.origin, 77u);
  EXPECT_NE(restored.identity.cluster_id, empty.identity.cluster_id);
  EXPECT_EQ(*DecodeFoundingList(EncodeFoundingList(restored.identity.founding)),
            restored.identity.founding);
}

TEST(OriginTest, ServersOfDifferentOriginWaitAndSayWhy) {
  for (const auto& [own, theirs] : {std::pair{77, 78}, std::pair{77, 0}, std::pair{0, 77}}) {
    const Founding::Decision decision = Decide(own, theirs);
    EXPECT_EQ(decision.kind, Founding::Decision::Kind::kWait);
    EXPECT_THAT(decision.text, HasSubstr("server.2"));
    EXPECT_THAT(decision.text, HasSubstr("rookery restore"));
  }
}

}  // namespace
}  // namespace rookery::consensus
