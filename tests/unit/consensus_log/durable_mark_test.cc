// A log that lost its end is noticed before it votes.
#include "coordinator/consensus/log/durable_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "tests/support/temporary_directory.h"

namespace rookery::consensus {
namespace {

class DurableMarkTest : public ::testing::Test {
 protected:
  DurableMarkTest() : files_(*OpenFileStore(directory_.path())) {}
  std::filesystem::path Path() const {
    return directory_.path() / std::string(DurableMarkFile::kName);
  }
  void FlipByte(size_t at) {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }
  testing::TemporaryDirectory directory_;
  std::unique_ptr<FileStore> files_;
};

TEST_F(DurableMarkTest, IsZeroWithoutAFileAndTheNewestAfterWrites) {
  EXPECT_EQ(*DurableMarkFile(files_.get()).Read(), DurableMark());
  DurableMarkFile mark(files_.get());
  ASSERT_TRUE(mark.Write({1, 10, 1, 2}).ok());
  ASSERT_TRUE(mark.Write({1, 11, 1, 2}).ok());
  ASSERT_TRUE(mark.Write({2, 12, 2, 3}).ok());
  DurableMarkFile again(files_.get());
  EXPECT_EQ(*again.Read(), (DurableMark{2, 12, 2, 3}));
  ASSERT_TRUE(again.Write({2, 13, 2, 3}).ok());
  EXPECT_EQ(*DurableMarkFile(files_.get()).Read(), (DurableMark{2, 13, 2, 3}));
}

TEST_F(DurableMarkTest, TornSlotLeavesTheOneBefore) {
  DurableMarkFile mark(files_.get());
  ASSERT_TRUE(mark.Write({1, 10, 1, 2}).ok());
  ASSERT_TRUE(mark.Write({1, 11, 1, 2}).ok());
  FlipByte(20);  // sequence 2 lies in the first slot
  EXPECT_EQ(*DurableMarkFile(files_.get()).Read(), (DurableMark{1, 10, 1, 2}));
}

LogContents Contents(uint64_t last_index, uint64_t last_term, HardState hard_state) {
  LogContents contents;
  contents.hard_state = hard_state;
  contents.records.push_back({.index = last_index, .term = last_term});
  return contents;
}

TEST(CheckAgainstMarkTest, AcceptsWhatIsNoLess) {
  const DurableMark mark{2, 10, 3, 1};
  EXPECT_TRUE(CheckAgainstMark(Contents(10, 2, {3, 1, 5}), mark, 5, "/log").ok());
  EXPECT_TRUE(CheckAgainstMark(Contents(12, 2, {3, 1, 5}), mark, 5, "/log").ok());
  // A newer leader shortened the log.
  EXPECT_TRUE(CheckAgainstMark(Contents(8, 3, {3, 1, 5}), mark, 5, "/log").ok());
  // A later term's vote.
  EXPECT_TRUE(CheckAgainstMark(Contents(10, 2, {4, 0, 5}), mark, 5, "/log").ok());
}

TEST(CheckAgainstMarkTest, NamesFileLossAndRepair) {
  const DurableMark mark{2, 10, 3, 1};
  const auto refuses = [&](const LogContents& contents, uint64_t applied, const char* part) {
    const absl::Status status = CheckAgainstMark(contents, mark, applied, "/data/log");
    EXPECT_TRUE(absl::IsDataLoss(status)) << part;
    const std::string message(status.message());
    EXPECT_THAT(message, ::testing::HasSubstr("/data/log"));
    EXPECT_THAT(message, ::testing::HasSubstr("rookery ensemble rejoin"));
    EXPECT_THAT(message, ::testing::HasSubstr(part));
  };
  refuses(Contents(9, 2, {3, 1, 5}), 5, "found entry 9 of term 2, expected entry 10 of term 2");
  refuses(Contents(10, 2, {2, 1, 5}), 5, "found term 2");
  refuses(Contents(10, 2, {3, 0, 5}), 5, "with vote 0");
  refuses(Contents(10, 2, {3, 1, 5}), 11, "at least 11");
}

// What the file is for: RocksDB opens a log with a flipped bit and drops what follows in silence.
TEST(CheckAgainstMarkTest, NoticesAFlippedBitInTheRealLog) {
  testing::TemporaryDirectory directory;
  const auto path = directory.path() / "log";
  {
    auto log = *OpenRocksLogStore({.directory = path});
    ASSERT_TRUE(log->Load().ok());
    for (uint64_t index = 1; index <= 50; ++index) {
      LogRecord record{.index = index, .term = 1, .data = std::string(200, 'x')};
      ASSERT_TRUE(log->Write({{.hard_state = HardState{1, 1, index}, .records = {record}}}).ok());
    }
  }
  std::filesystem::path wal;
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    if (file.path().extension() == ".log" && file.file_size() > 5'000) wal = file.path();
  }
  ASSERT_FALSE(wal.empty());
  {
    std::fstream file(wal, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(6'000);
    const char byte = static_cast<char>(file.get() ^ 4);
    file.seekp(6'000);
    file.put(byte);
  }
  auto log = OpenRocksLogStore({.directory = path});
  ASSERT_TRUE(log.ok()) << log.status();
  const absl::StatusOr<LogContents> contents = (*log)->Load();
  ASSERT_TRUE(contents.ok());
  EXPECT_LT(contents->last_index(), 50u);
  EXPECT_TRUE(absl::IsDataLoss(CheckAgainstMark(*contents, {1, 50, 1, 1}, 0, "/log")));
}

}  // namespace
}  // namespace rookery::consensus
