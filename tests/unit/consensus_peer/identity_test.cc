#include "coordinator/consensus/peer/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/consensus_peer/servers.h"

namespace rookery::consensus {
namespace {

using ::testing::HasSubstr;

Identity Full() {
  Identity identity;
  identity.disk_id = 0xd001;
  identity.founding = Founders(3);
  identity.cluster_id = ClusterIdOf(identity.founding);
  identity.engine_id = 1;
  identity.founder = true;
  identity.members = FoundingMembers(identity.founding);
  return identity;
}

TEST(IdentityTest, ADirectoryKeepsItsDiskId) {
  MemoryFiles files;
  absl::StatusOr<Identity> first = LoadOrCreateIdentity(&files, 5);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->disk_id, 5u);
  EXPECT_FALSE(first->founded());
  EXPECT_EQ(LoadOrCreateIdentity(&files, 6)->disk_id, 5u);
}

TEST(IdentityTest, ReadsWhatItStored) {
  MemoryFiles files;
  ASSERT_TRUE(StoreIdentity(&files, Full()).ok());
  EXPECT_EQ(*LoadOrCreateIdentity(&files, 6), Full());
}

TEST(IdentityTest, EveryFlippedBitAndEveryCutIsNoticedAndTheFileLeftAlone) {
  MemoryFiles files;
  ASSERT_TRUE(StoreIdentity(&files, Full()).ok());
  const std::string good = files.files[kIdentityFile];
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    files.files[kIdentityFile] = bad;
    EXPECT_FALSE(LoadOrCreateIdentity(&files, 6).ok()) << bit;
    EXPECT_EQ(files.files[kIdentityFile], bad);
  }
  for (size_t size = 0; size < good.size(); ++size) {
    files.files[kIdentityFile] = good.substr(0, size);
    EXPECT_FALSE(LoadOrCreateIdentity(&files, 6).ok()) << size;
  }
}

TEST(IdentityTest, NamesANewerFormat) {
  MemoryFiles files;
  ASSERT_TRUE(StoreIdentity(&files, Full()).ok());
  files.files[kIdentityFile][4] = 2;
  const absl::Status status = LoadOrCreateIdentity(&files, 6).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("format 2"));
}

TEST(FoundingListTest, ClusterIdDependsOnEveryFounderAndDisk) {
  const uint64_t id = ClusterIdOf(Founders(3));
  EXPECT_NE(id, ClusterIdOf(Founders(2)));
  FoundingList other = Founders(3);
  other.founders[2].disk_id ^= 1;
  EXPECT_NE(id, ClusterIdOf(other));
  EXPECT_EQ(id, ClusterIdOf(*DecodeFoundingList(EncodeFoundingList(Founders(3)))));
}

}  // namespace
}  // namespace rookery::consensus
