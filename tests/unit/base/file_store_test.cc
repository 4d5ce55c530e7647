// The contract of FileStore, for the file system and for the simulated disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>

#include "coordinator/base/disk/disk_file_store.h"
#include "tests/sim/edges/disk_files.h"
#include "tests/support/temporary_directory.h"

namespace rookery {
namespace {

// A directory, and the process that uses it.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual FileStore& Restart() = 0;
};

class RealDisk final : public Disk {
 public:
  FileStore& Restart() override {
    store_ = OpenFileStore(directory_.path().string()).value();
    return *store_;
  }

 private:
  testing::TemporaryDirectory directory_;
  std::unique_ptr<FileStore> store_;
};

class SimulatedDisk final : public Disk {
 public:
  FileStore& Restart() override { return files_; }

 private:
  sim::DiskGate gate_{1};
  sim::DiskFiles files_{&gate_};
};

class FileStoreTest : public ::testing::TestWithParam<bool> {
 protected:
  FileStoreTest() {
    if (GetParam()) {
      disk_ = std::make_unique<RealDisk>();
    } else {
      disk_ = std::make_unique<SimulatedDisk>();
    }
    store_ = &disk_->Restart();
  }
  std::unique_ptr<Disk> disk_;
  FileStore* store_;
};

TEST_P(FileStoreTest, ReadsBackWhatWasWritten) {
  EXPECT_EQ(store_->Read("id").status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(store_->WriteDurably("id", "first and long").ok());
  ASSERT_TRUE(store_->WriteDurably("id", "second").ok());
  EXPECT_EQ(store_->Read("id").value(), "second");
}

TEST_P(FileStoreTest, OverwritesInPlaceAndGrows) {
  ASSERT_TRUE(store_->WriteAt("mark", 0, "aaaa").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 6, "bb").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 1, "c").ok());
  EXPECT_EQ(store_->Read("mark").value(), std::string("acaa\0\0bb", 8));
}

TEST_P(FileStoreTest, InPlaceWritesReachTheReplacedFile) {
  ASSERT_TRUE(store_->WriteAt("mark", 0, "aaaa").ok());
  ASSERT_TRUE(store_->WriteDurably("mark", "zzzz").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 0, "y").ok());
  EXPECT_EQ(store_->Read("mark").value(), "yzzz");
}

TEST_P(FileStoreTest, KeepsEverythingOverAnEndOfTheProcess) {
  ASSERT_TRUE(store_->WriteDurably("id", "durable").ok());
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(
        store_->WriteAt("mark", static_cast<uint64_t>(i), std::string(1, 'a' + i % 26)).ok());
  }
  store_ = &disk_->Restart();
  EXPECT_EQ(store_->Read("id").value(), "durable");
  EXPECT_EQ(store_->Read("mark").value(), "abcdefghijklmnopqrstuvwxyzabcd");
}

INSTANTIATE_TEST_SUITE_P(Edges, FileStoreTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Real" : "Simulated"; });

// What is synced survives a loss of power; each unsynced write is there, is not, or is there in
// part.
TEST(DiskFilesTest, LosesWhatWasNotSyncedWithThePower) {
  int whole = 0, none = 0, torn = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    sim::DiskGate gate(seed);
    sim::DiskFiles files(&gate);
    ASSERT_TRUE(files.WriteDurably("mark", "old!old!").ok());
    ASSERT_TRUE(files.WriteAt("mark", 0, "new?new?").ok());
    files.LosePower();
    const std::string left = files.Read("mark").value();
    ASSERT_EQ(left.size(), 8u);
    if (left == "new?new?") {
      ++whole;
    } else if (left == "old!old!") {
      ++none;
    } else {
      ++torn;
    }
  }
  EXPECT_GT(whole, 5);
  EXPECT_GT(none, 5);
  EXPECT_GT(torn, 5);
}

}  // namespace
}  // namespace rookery
