// What the base in RocksDB does with its directories, beyond the contract of every base.
#include "coordinator/store/rocks/rocks_base.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace rookery::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RocksBaseTest : public testing::Test {
 protected:
  RocksBaseTest() {
    std::string pattern = fs::temp_directory_path() / "rookery-rocks-XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  ~RocksBaseTest() override { fs::remove_all(root_); }

  absl::StatusOr<std::shared_ptr<Base>> Open(const std::string& state_name) {
    return OpenRocksBase({.data_dir = root_, .state_name = state_name, .file_bytes_max = 4 << 10});
  }
  static void Fill(Base* base, int keys) {
    auto batch = base->NewBatch();
    for (int i = 0; i < keys; ++i) {
      ASSERT_TRUE(batch->Put(absl::StrCat("key", 100'000 + i), std::string(100, 'x')).ok());
    }
    ASSERT_TRUE(batch->Commit().ok());
  }

  fs::path root_;
};

TEST_F(RocksBaseTest, RefusesADirectoryThatAnotherHasOpen) {
  const auto base = Open("").value();
  const auto second = Open(base->name());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another process"));
}

TEST_F(RocksBaseTest, RefusesAStateOfAnUnknownFormatByName) {
  const std::string name = Open("").value()->name();
  std::ofstream(root_ / name / "FORMAT") << "rookery-state 12\n";
  const absl::Status status = Open(name).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(name));
  EXPECT_THAT(std::string(status.message()), HasSubstr("12"));
}

TEST_F(RocksBaseTest, RefusesToThrowAwayAStateThatTheLogForgot) {
  auto base = Open("").value();
  const std::string name = base->name();
  Fill(base.get(), 10);
  base.reset();
  EXPECT_EQ(Open("").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Open(name).ok());
}

TEST_F(RocksBaseTest, ReplacesAnEmptyStateThatTheLogNeverNamed) {
  const std::string first = Open("").value()->name();
  std::ofstream(root_ / first / "of the first") << "x";
  ASSERT_TRUE(Open("").ok());
  EXPECT_FALSE(fs::exists(root_ / first / "of the first"));
}

TEST_F(RocksBaseTest, RemovesWhatACrashLeftBehind) {
  const std::string name = Open("").value()->name();
  std::ofstream(root_ / name / "ingest" / "1-0.sst") << "half a file";
  fs::create_directories(root_ / "checkpoints" / ".making-one");
  std::ofstream(root_ / "checkpoints" / ".making-one" / "CURRENT") << "x";
  const auto base = Open(name).value();
  EXPECT_TRUE(fs::is_empty(root_ / name / "ingest"));
  EXPECT_FALSE(fs::exists(root_ / "checkpoints" / ".making-one"));
  EXPECT_TRUE(base->Checkpoint("one").ok());
}

TEST_F(RocksBaseTest, CheckpointsArePlainFilesThatShareTheirTables) {
  const auto base = Open("").value();
  Fill(base.get(), 1000);
  const fs::path made = base->Checkpoint("one").value();
  EXPECT_EQ(made, root_ / "checkpoints" / "one");
  int tables = 0;
  for (const auto& entry : fs::directory_iterator(made)) {
    EXPECT_TRUE(entry.is_regular_file()) << entry.path();
    if (entry.path().extension() != ".sst") continue;
    ++tables;
    EXPECT_GT(entry.hard_link_count(), 1u);
  }
  EXPECT_GT(tables, 1) << "the batch was split by size";
}

TEST_F(RocksBaseTest, LeavesNoFilesOfCommittedOrDroppedBatches) {
  const auto base = Open("").value();
  Fill(base.get(), 1000);
  {
    auto dropped = base->NewBatch();
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(dropped->Put(absl::StrCat("key", 100'000 + i), "y").ok());
    }
  }
  EXPECT_TRUE(fs::is_empty(root_ / base->name() / "ingest"));
}

TEST_F(RocksBaseTest, TellsItsHealth) {
  const auto base = Open("").value();
  EXPECT_EQ(base->GetHealth().level0_files, 0u);
  Fill(base.get(), 1000);
  const Base::Health health = base->GetHealth();
  EXPECT_GT(health.bytes, 10'000u);
}

}  // namespace
}  // namespace rookery::store
