#include <gtest/gtest.h>

#include <filesystem>

#include "coordinator/base/disk/disk_file_store.h"

namespace rookery {
namespace {

class FileStoreTest : public testing::Test {
 protected:
  FileStoreTest() : store_(OpenFileStore(directory_.string()).value()) {}
  ~FileStoreTest() override { std::filesystem::remove_all(directory_); }
  const std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) /
      testing::UnitTest::GetInstance()->current_test_info()->name();
  std::unique_ptr<FileStore> store_;
};

TEST_F(FileStoreTest, ReadsBackWhatWasWritten) {
  EXPECT_EQ(store_->Read("id").status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(store_->WriteDurably("id", "first and long").ok());
  ASSERT_TRUE(store_->WriteDurably("id", "second").ok());
  EXPECT_EQ(store_->Read("id").value(), "second");
}

TEST_F(FileStoreTest, OverwritesInPlaceAndGrows) {
  ASSERT_TRUE(store_->WriteAt("mark", 0, "aaaa").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 6, "bb").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 1, "c").ok());
  EXPECT_EQ(store_->Read("mark").value(), std::string("acaa\0\0bb", 8));
}

TEST_F(FileStoreTest, InPlaceWritesReachTheReplacedFile) {
  ASSERT_TRUE(store_->WriteAt("mark", 0, "aaaa").ok());
  ASSERT_TRUE(store_->WriteDurably("mark", "zzzz").ok());
  ASSERT_TRUE(store_->WriteAt("mark", 0, "y").ok());
  EXPECT_EQ(store_->Read("mark").value(), "yzzz");
}

}  // namespace
}  // namespace rookery
