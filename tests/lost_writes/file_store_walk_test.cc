// The file store and the durable mark on it, at every point of a power failure.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "tests/lost_writes/crash_images.h"
#include "tests/lost_writes/journal_disk.h"
#include "tests/support/temporary_directory.h"

namespace rookery::lost_writes {
namespace {

namespace fs = std::filesystem;
using consensus::DurableMark;
using consensus::DurableMarkFile;

// Hands `judge` the store as every failure may have left it, and how many steps had been made.
void WalkFiles(Journal& journal, const std::function<void(FileStore& files, size_t point)>& judge) {
  testing::TemporaryDirectory crashed;
  CrashImages images(journal.steps());
  int count = 0;
  while (true) {
    for (const Loss loss : kLosses) {
      const std::string directory = crashed.path() / absl::StrCat(++count);
      fs::create_directory(directory);
      images.Make(loss, images.at()).WriteTo(directory);
      SCOPED_TRACE(absl::StrCat("step ", images.at(), ", ", NameOf(loss)));
      judge(**OpenFileStore(directory), images.at());
      fs::remove_all(directory);
    }
    if (images.at() == journal.steps().size()) break;
    images.Next();
  }
}

class FileStoreWalkTest : public ::testing::Test {
 protected:
  FileStoreWalkTest() : journal_(directory_.path()), disk_(MakeJournalDisk(&journal_)) {
    files_ = *OpenFileStore(journal_.root(), disk_.get());
  }
  testing::TemporaryDirectory directory_;
  Journal journal_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<FileStore> files_;
};

TEST_F(FileStoreWalkTest, AFileIsTheOldOneOrTheNewOne) {
  std::vector<size_t> begun, ended;
  const std::vector<std::string> texts = {"one", std::string(9000, '2'), "", "four"};
  for (const std::string& text : texts) {
    begun.push_back(journal_.size());
    ASSERT_TRUE(files_->WriteDurably("id", text).ok());
    ended.push_back(journal_.size());
  }
  WalkFiles(journal_, [&](FileStore& files, size_t point) {
    const auto found = files.Read("id");
    bool allowed = !found.ok() && point < ended[0];
    for (size_t i = 0; i < texts.size(); ++i) {
      const bool replaced = i + 1 < texts.size() && ended[i + 1] <= point;
      allowed |= begun[i] <= point && !replaced && found.ok() && *found == texts[i];
    }
    EXPECT_TRUE(allowed) << found.status() << found.value_or("").substr(0, 20);
  });
}

TEST_F(FileStoreWalkTest, WhatADeadProcessHadRenamedStaysOnceTheNextHasOpenedTheStore) {
  ASSERT_TRUE(files_->WriteDurably("id", "one").ok());
  const std::string path = absl::StrCat(journal_.root(), "/id");
  const auto beside = disk_->Open(path + ".new");
  ASSERT_TRUE(beside.ok() && (*beside)->WriteAt(0, "two").ok() && (*beside)->Sync().ok());
  ASSERT_TRUE(disk_->Rename(path + ".new", path).ok());  // it dies before it syncs the directory
  files_ = *OpenFileStore(journal_.root(), disk_.get());
  const size_t opened = journal_.size();
  ASSERT_EQ(files_->Read("id").value(), "two");
  ASSERT_TRUE(files_->WriteDurably("other", "").ok());
  WalkFiles(journal_, [&](FileStore& files, size_t point) {
    if (point >= opened) EXPECT_EQ(files.Read("id").value_or(""), "two");
  });
}

TEST_F(FileStoreWalkTest, AMarkIsNeverAboveOneThatWasLowered) {
  DurableMarkFile mark(files_.get());
  ASSERT_TRUE(mark.Read().ok());
  ASSERT_TRUE(mark.Write({.last_term = 2, .last_index = 8, .term = 2, .vote = 1}).ok());
  ASSERT_TRUE(mark.Write({.last_term = 2, .last_index = 9, .term = 2, .vote = 1}).ok());
  const DurableMark lower = {.last_term = 1, .last_index = 8, .term = 2, .vote = 1};
  ASSERT_TRUE(mark.Lower(lower).ok());
  const size_t lowered = journal_.size();
  const DurableMark next = {.last_term = 3, .last_index = 9, .term = 3, .vote = 2};
  ASSERT_TRUE(mark.Write(next).ok());
  WalkFiles(journal_, [&](FileStore& files, size_t point) {
    const auto found = DurableMarkFile(&files).Read();
    ASSERT_TRUE(found.ok()) << found.status();
    if (point >= lowered) EXPECT_TRUE(*found == lower || *found == next) << found->last_index;
  });
}

TEST_F(FileStoreWalkTest, AMarkIsOneThatWasWrittenOrNone) {
  DurableMarkFile mark(files_.get());
  ASSERT_TRUE(mark.Read().ok());
  for (uint64_t index = 1; index <= 5; ++index) {
    ASSERT_TRUE(mark.Write({.last_term = 7, .last_index = index, .term = 7, .vote = 3}).ok());
  }
  WalkFiles(journal_, [&](FileStore& files, size_t) {
    const auto found = DurableMarkFile(&files).Read();
    ASSERT_TRUE(found.ok()) << found.status();
    const DurableMark written = {
        .last_term = 7, .last_index = found->last_index, .term = 7, .vote = 3};
    EXPECT_TRUE(*found == DurableMark() || (*found == written && found->last_index <= 5));
  });
}

}  // namespace
}  // namespace rookery::lost_writes
