#include "coordinator/main/offline/journal_check.h"

#include <gtest/gtest.h>

#include <string>

namespace rookery::offline {
namespace {

std::string Record(char kind, const std::string& bytes) {
  const std::string body = kind + bytes;
  const uint32_t crc = Crc32c(body);
  const uint32_t masked = (crc >> 15 | crc << 17) + 0xa282ead8u;
  std::string record;
  for (int shift = 0; shift < 32; shift += 8) record.push_back(static_cast<char>(masked >> shift));
  record.push_back(static_cast<char>(bytes.size()));
  record.push_back(static_cast<char>(bytes.size() >> 8));
  return record + body;
}

TEST(JournalCheckTest, ChecksumIsCastagnolis) { EXPECT_EQ(Crc32c("123456789"), 0xe3069283u); }

TEST(JournalCheckTest, TakesWholeRecordsAndRecordsInParts) {
  EXPECT_TRUE(CheckJournal("", false).ok());
  const std::string parts = Record(2, "a") + Record(3, "b") + Record(4, "c");
  EXPECT_TRUE(CheckJournal(Record(1, "whole") + parts + Record(1, ""), false).ok());
}

TEST(JournalCheckTest, TakesZerosAtTheEndOfABlockOnly) {
  const std::string full = Record(1, std::string(32768 - 7 - 7 - 3, 'x'));
  std::string journal = full + Record(1, "") + std::string(3, '\0') + Record(1, "next block");
  EXPECT_TRUE(CheckJournal(journal, false).ok());
  journal[32767] = 1;
  EXPECT_EQ(CheckJournal(journal, false).code(), absl::StatusCode::kDataLoss);
}

// Also in the length of the last record, which RocksDB takes for one that power loss cut off.
TEST(JournalCheckTest, FindsEveryFlippedBit) {
  const std::string journal =
      Record(1, "first") + Record(2, "in ") + Record(4, "parts") + Record(1, "last");
  for (size_t bit = 0; bit < 8 * journal.size(); ++bit) {
    std::string flipped = journal;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(CheckJournal(flipped, true).ok()) << "bit " << bit;
  }
}

TEST(JournalCheckTest, ARecordThatTheFileCutsOffIsTakenWhereItMayBe) {
  const std::string journal = Record(1, "first") + Record(1, "second");
  const size_t second = journal.size() - Record(1, "second").size();
  for (size_t size = second + 1; size < journal.size(); ++size) {
    const std::string cut = journal.substr(0, size);
    EXPECT_TRUE(CheckJournal(cut, true).ok()) << size;
    EXPECT_EQ(CheckJournal(cut, false).code(), absl::StatusCode::kDataLoss) << size;
  }
}

}  // namespace
}  // namespace rookery::offline
