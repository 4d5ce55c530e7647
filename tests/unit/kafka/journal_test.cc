#include "coordinator/kafka/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rookery::kafka {
namespace {

using testing::ElementsAre;

model::NodeChange Changed(std::string path, std::string before, std::string after) {
  return {.path = std::move(path),
          .before = model::NodeState{.data = std::move(before), .acl = model::OpenAcl()},
          .after = model::NodeState{.data = std::move(after), .acl = model::OpenAcl()}};
}

std::vector<model::Zxid> ZxidsOf(const MetadataJournal::Entries& entries) {
  std::vector<model::Zxid> zxids;
  for (const auto& entry : entries) zxids.push_back(entry->zxid);
  return zxids;
}

TEST(MetadataJournalTest, TellsWhatCameAfterAZxid) {
  MetadataJournal journal(1 << 20);
  journal.OnState(10);
  journal.OnChange(12, Changed("/controller", "a", "b"));
  journal.OnChange(12, Changed("/controller_epoch", "1", "2"));
  journal.OnChange(15, Changed("/controller", "b", "c"));
  EXPECT_FALSE(journal.Keeps(9));
  ASSERT_TRUE(journal.Keeps(10));
  const auto all = journal.After(10, 1 << 20);
  EXPECT_THAT(ZxidsOf(all), ElementsAre(12, 15));
  EXPECT_EQ(all[0]->changes.size(), 2u);
  EXPECT_THAT(ZxidsOf(journal.After(11, 1 << 20)), ElementsAre(12, 15));
  EXPECT_THAT(ZxidsOf(journal.After(12, 1 << 20)), ElementsAre(15));
  EXPECT_THAT(ZxidsOf(journal.After(15, 1 << 20)), ElementsAre());
  EXPECT_THAT(ZxidsOf(journal.After(99, 1 << 20)), ElementsAre());
  EXPECT_THAT(ZxidsOf(journal.After(10, 1)), ElementsAre(12)) << "at least one";
}

TEST(MetadataJournalTest, ForgetsTheOldestAndSaysSo) {
  constexpr size_t kBytes = 100'000;
  MetadataJournal journal(kBytes);
  for (model::Zxid zxid = 1; zxid <= 1000; ++zxid) {
    journal.OnChange(zxid, Changed("/controller", std::string(100, 'x'), std::string(100, 'y')));
    ASSERT_LE(journal.bytes(), kBytes);
    ASSERT_TRUE(journal.Keeps(zxid));
    // What is kept is kept without a gap.
    ASSERT_EQ(journal.After(journal.oldest(), 1 << 20).size(),
              static_cast<size_t>(zxid - journal.oldest()));
  }
  EXPECT_GT(journal.oldest(), 0);
  EXPECT_FALSE(journal.Keeps(journal.oldest() - 1));
}

TEST(MetadataJournalTest, ARequestThatIsTooLargeIsForgottenWhole) {
  MetadataJournal journal(10'000);
  journal.OnState(1);
  journal.OnChange(2, Changed("/controller", "", ""));
  journal.OnChange(3, Changed("/brokers/topics/t", "", std::string(20'000, 'x')));
  journal.OnChange(3, Changed("/config/topics/t", "", "y"));
  EXPECT_FALSE(journal.Keeps(2));
  ASSERT_TRUE(journal.Keeps(3));
  EXPECT_THAT(ZxidsOf(journal.After(3, 1 << 20)), ElementsAre());
  journal.OnChange(4, Changed("/controller", "", ""));
  EXPECT_THAT(ZxidsOf(journal.After(3, 1 << 20)), ElementsAre(4));
}

TEST(MetadataJournalTest, ANewStateForgetsEverything) {
  MetadataJournal journal(1 << 20);
  journal.OnChange(3, Changed("/controller", "a", "b"));
  journal.OnState(7);
  EXPECT_FALSE(journal.Keeps(6));
  EXPECT_TRUE(journal.Keeps(7));
  EXPECT_EQ(journal.bytes(), 0u);
}

TEST(MetadataJournalTest, WakesOnceAndNotWhoWasForgotten) {
  MetadataJournal journal(1 << 20);
  int woken = 0;
  int others = 0;
  journal.WakeAtNext([&] { ++woken; });
  const uint64_t other = journal.WakeAtNext([&] { ++others; });
  journal.Forget(other);
  journal.OnChange(1, Changed("/controller", "a", "b"));
  journal.OnChange(2, Changed("/controller", "b", "c"));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(others, 0);
}

TEST(MetadataJournalTest, InnerNodesAreNotKept) {
  MetadataJournal journal(1 << 20);
  const model::NodeState empty{.acl = model::OpenAcl()};
  journal.OnChange(1, {.path = "/brokers/topics/t/partitions/0", .after = empty});
  EXPECT_EQ(journal.bytes(), 0u);
  journal.OnChange(2, {.path = "/x/admin/delete_topics/t", .after = empty});
  EXPECT_THAT(ZxidsOf(journal.After(0, 1 << 20)), ElementsAre(2));
}

}  // namespace
}  // namespace rookery::kafka
