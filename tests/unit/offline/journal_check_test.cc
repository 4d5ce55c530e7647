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

TEST(JournalCheckTest, FindsEveryFlippedBitBeforeTheLastRecord) {
  const std::string first = Record(1, "first") + Record(2, "in ") + Record(4, "parts");
  const std::string journal = first + Record(1, "last");
  for (size_t bit = 0; bit < 8 * first.size(); ++bit) {
    std::string flipped = journal;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    // A length that leads beyond the end looks like the file's end.
    EXPECT_FALSE(CheckJournal(flipped, false).ok()) << "bit " << bit;
  }
}

TEST(JournalCheckTest, ARecordThatTheFileCutsOffIsTakenWhereItMayBe) {
  const std::string journal = Record(1, "first") + Record(1, "second");
  const std::string cut = journal.substr(0, journal.size() - 2);
  EXPECT_TRUE(CheckJournal(cut, true).ok());
  EXPECT_EQ(CheckJournal(cut, false).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rookery::offline
