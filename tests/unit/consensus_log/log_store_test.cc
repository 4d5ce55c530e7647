// The contract of LogStore, for the real one and for the model alike.
#include "coordinator/consensus/log/log_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/log/memory_log_store.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "tests/sim/edges/disk_log.h"
#include "tests/support/temporary_directory.h"

namespace rookery::consensus {
namespace {

// A log and what stays of it when its process ends.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual LogStore& Open() = 0;  // ends the one that was open
};

class MemoryDisk : public Disk {
 public:
  LogStore& Open() override {
    log_.Crash();
    return log_;
  }

 private:
  MemoryLogStore log_;
};

class RocksDisk : public Disk {
 public:
  LogStore& Open() override {
    log_.reset();
    auto opened = OpenRocksLogStore({.directory = directory_.path() / "log"});
    EXPECT_TRUE(opened.ok()) << opened.status();
    log_ = *std::move(opened);
    return *log_;
  }

 private:
  testing::TemporaryDirectory directory_;
  std::unique_ptr<LogStore> log_;
};

// The simulator's; what is not synced is gone with the power.
class SimulatedDisk : public Disk {
 public:
  LogStore& Open() override {
    log_.LosePower();
    return log_;
  }

 private:
  sim::DiskGate gate_{1};
  sim::DiskLog log_{&gate_};
};

enum class Kind { kMemory, kRocks, kSimulated };

LogRecord Record(uint64_t index, uint64_t term) {
  return {.index = index, .term = term, .data = absl::StrCat("data ", index), .context = "c"};
}

std::vector<LogRecord> Records(uint64_t first, uint64_t last, uint64_t term) {
  std::vector<LogRecord> records;
  for (uint64_t index = first; index <= last; ++index) records.push_back(Record(index, term));
  return records;
}

class LogStoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  LogStoreTest() {
    switch (GetParam()) {
      case Kind::kMemory:
        disk_ = std::make_unique<MemoryDisk>();
        break;
      case Kind::kRocks:
        disk_ = std::make_unique<RocksDisk>();
        break;
      case Kind::kSimulated:
        disk_ = std::make_unique<SimulatedDisk>();
        break;
    }
    Reopen();
  }
  LogContents Reopen() {
    log_ = &disk_->Open();
    absl::StatusOr<LogContents> contents = log_->Load();
    EXPECT_TRUE(contents.ok()) << contents.status();
    return *contents;
  }
  std::unique_ptr<Disk> disk_;
  LogStore* log_ = nullptr;
};

std::string NameOf(const ::testing::TestParamInfo<Kind>& info) {
  constexpr const char* kNames[] = {"Memory", "Rocks", "Simulated"};
  return kNames[static_cast<int>(info.param)];
}
INSTANTIATE_TEST_SUITE_P(Edges, LogStoreTest,
                         ::testing::Values(Kind::kMemory, Kind::kRocks, Kind::kSimulated), NameOf);

TEST_P(LogStoreTest, BeginsFreshAndEmpty) {
  const LogContents contents = Reopen();
  EXPECT_TRUE(contents.fresh);
  EXPECT_EQ(contents.last_index(), 0u);
  EXPECT_EQ(contents.hard_state, HardState());
}

TEST_P(LogStoreTest, KeepsWhatWasSynced) {
  const LogPosition position{1, 1, "configuration", "state-1"};
  ASSERT_TRUE(log_->Write({{.hard_state = HardState{1, 0, 1}, .position = position},
                           {.hard_state = HardState{2, 3, 1}, .records = Records(2, 5, 2)}})
                  .ok());
  const LogContents contents = Reopen();
  EXPECT_FALSE(contents.fresh);
  EXPECT_EQ(contents.hard_state, (HardState{2, 3, 1}));
  EXPECT_EQ(contents.position, position);
  EXPECT_EQ(contents.records, Records(2, 5, 2));
  EXPECT_EQ(contents.last_index(), 5u);
  EXPECT_EQ(contents.last_term(), 2u);
}

TEST_P(LogStoreTest, AppendDropsWhatStoodFromItsFirstRecordOn) {
  ASSERT_TRUE(log_->Write({{.records = Records(1, 9, 1)}}).ok());
  ASSERT_TRUE(log_->Write({{.records = Records(4, 5, 2)}, {.records = Records(6, 6, 2)}}).ok());
  std::vector<LogRecord> expected = Records(1, 3, 1);
  for (LogRecord& record : Records(4, 6, 2)) expected.push_back(record);
  EXPECT_EQ(Reopen().records, expected);
}

TEST_P(LogStoreTest, TruncationWithinOneJoinedWriteHoldsToo) {
  ASSERT_TRUE(log_->Write({{.records = Records(1, 9, 1)}, {.records = Records(3, 3, 2)}}).ok());
  const LogContents contents = Reopen();
  ASSERT_EQ(contents.records.size(), 3u);
  EXPECT_EQ(contents.records.back(), Record(3, 2));
}

TEST_P(LogStoreTest, PositionReplacesTheWholeLog) {
  ASSERT_TRUE(log_->Write({{.records = Records(1, 9, 1)}}).ok());
  ASSERT_TRUE(log_->Write({{.position = LogPosition{50, 3, "c", "state-2"}}}).ok());
  const LogContents empty = Reopen();
  EXPECT_TRUE(empty.records.empty());
  EXPECT_EQ(empty.last_index(), 50u);
  EXPECT_EQ(empty.last_term(), 3u);
  ASSERT_TRUE(log_->Write({{.records = Records(51, 52, 3)}}).ok());
  EXPECT_EQ(Reopen().records, Records(51, 52, 3));
}

TEST_P(LogStoreTest, TrimForgetsTheBeginning) {
  ASSERT_TRUE(log_->Write({{.records = Records(1, 100, 1)}}).ok());
  ASSERT_TRUE(log_->Trim(61).ok());
  ASSERT_TRUE(log_->Write({{.records = Records(101, 101, 1)}}).ok());
  EXPECT_EQ(Reopen().records, Records(61, 101, 1));
}

TEST_P(LogStoreTest, LaterSyncCoversEarlierWrites) {
  ASSERT_TRUE(log_->Write({{.records = Records(1, 1, 1)}}).ok());
  ASSERT_TRUE(log_->Write({{.hard_state = HardState{1, 1, 1}, .must_sync = false}}).ok());
  ASSERT_TRUE(log_->Write({{.records = Records(2, 2, 1)}}).ok());
  const LogContents contents = Reopen();
  EXPECT_EQ(contents.hard_state, (HardState{1, 1, 1}));
  EXPECT_EQ(contents.records, Records(1, 2, 1));
}

TEST_P(LogStoreTest, EmptyWritesAreNoWrites) {
  ASSERT_TRUE(log_->Write({{.must_sync = false}, {.must_sync = false}}).ok());
  EXPECT_TRUE(Reopen().fresh);
}

TEST(MemoryLogStoreTest, LosesWhatWasNotSynced) {
  MemoryLogStore log;
  ASSERT_TRUE(log.Write({{.hard_state = HardState{1, 1, 1}}}).ok());
  ASSERT_TRUE(log.Write({{.hard_state = HardState{1, 1, 9}, .must_sync = false}}).ok());
  EXPECT_EQ(log.Load()->hard_state.commit, 9u);
  log.Crash();
  EXPECT_EQ(log.Load()->hard_state.commit, 1u);
}

TEST(SimulatedLogTest, LosesSomeOfWhatWasNotSyncedFromItsEnd) {
  int lost = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    sim::DiskGate gate(seed);
    sim::DiskLog log(&gate);
    ASSERT_TRUE(log.Load().ok());
    ASSERT_TRUE(log.Write({{.hard_state = HardState{1, 1, 1}}}).ok());
    ASSERT_TRUE(log.Write({{.hard_state = HardState{1, 1, 2}, .must_sync = false}}).ok());
    ASSERT_TRUE(log.Write({{.hard_state = HardState{1, 1, 3}, .must_sync = false}}).ok());
    lost += log.LosePower();
    const uint64_t commit = log.Load()->hard_state.commit;
    EXPECT_GE(commit, 1u);
    EXPECT_LE(commit, 3u);
  }
  EXPECT_GT(lost, 5);
  EXPECT_LT(lost, 35);
}

// As RocksDB: a flipped bit in the journal takes what is behind it, silently; one in a table is
// noticed.
TEST(SimulatedLogTest, AFlippedBitTakesTheEndOrIsNoticed) {
  int cut = 0, noticed = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    sim::DiskGate gate(seed);
    sim::DiskLog log(&gate);
    ASSERT_TRUE(log.Load().ok());
    for (uint64_t index = 1; index <= 40; ++index) {
      ASSERT_TRUE(log.Write({{.records = Records(index, index, 1)}}).ok());
    }
    ASSERT_TRUE(log.Flip());
    const absl::StatusOr<LogContents> contents = log.Load();
    if (contents.ok()) {
      ++cut;
      EXPECT_LT(contents->last_index(), 40u);
    } else {
      ++noticed;
      EXPECT_TRUE(absl::IsDataLoss(contents.status()));
    }
  }
  EXPECT_GT(cut, 5);
  EXPECT_GT(noticed, 5);
}

TEST(RocksLogStoreTest, SecondProcessOnTheSameDirectoryIsRefusedByName) {
  testing::TemporaryDirectory directory;
  const std::string path = directory.path() / "log";
  auto first = OpenRocksLogStore({.directory = path});
  ASSERT_TRUE(first.ok());
  auto second = OpenRocksLogStore({.directory = path});
  EXPECT_TRUE(absl::IsAlreadyExists(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(path));
}

TEST(RocksLogStoreTest, TrimGivesFilesBack) {
  testing::TemporaryDirectory directory;
  auto log = OpenRocksLogStore(
      {.directory = directory.path() / "log", .sync = false, .memtable_bytes = 1u << 20});
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->Load().ok());
  const auto bytes_of_tables = [&] {
    uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory.path() / "log")) {
      std::error_code gone;
      if (file.path().extension() != ".sst") continue;
      const uintmax_t size = std::filesystem::file_size(file.path(), gone);
      if (!gone) bytes += size;
    }
    return bytes;
  };
  for (uint64_t index = 1; index <= 20'000; index += 100) {
    std::vector<LogRecord> records = Records(index, index + 99, 1);
    for (LogRecord& record : records) record.data.assign(1'000, 'x');
    ASSERT_TRUE((*log)->Write({{.records = std::move(records)}}).ok());
  }
  const uintmax_t before = bytes_of_tables();
  ASSERT_GT(before, 10u << 20);
  ASSERT_TRUE((*log)->Trim(19'000).ok());
  // The files go with the last reader; closing the database ends all.
  log->reset();
  auto again = OpenRocksLogStore({.directory = directory.path() / "log"});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)->Load()->records.front().index, 19'000u);
  EXPECT_LT(bytes_of_tables(), before / 3);
}

}  // namespace
}  // namespace rookery::consensus
