// The contract of CheckpointFiles, for the file system and for its model in memory.
#include "coordinator/consensus/peer/checkpoint_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "coordinator/consensus/peer/memory_checkpoint_files.h"

namespace rookery::consensus {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CheckpointFilesTest : public ::testing::TestWithParam<bool> {
 protected:
  CheckpointFilesTest() {
    if (GetParam()) {
      std::string name = (std::filesystem::temp_directory_path() / "rookery-XXXXXX").string();
      root = ::mkdtemp(name.data());
      files = OpenCheckpointFiles(root);
    } else {
      files = std::make_unique<MemoryCheckpointFiles>();
    }
  }
  ~CheckpointFilesTest() override {
    if (!root.empty()) std::filesystem::remove_all(root);
  }
  std::string root;
  std::unique_ptr<CheckpointFiles> files;
};

TEST_P(CheckpointFilesTest, ReadsWhatWasWrittenAtAnyOffset) {
  ASSERT_TRUE(files->Write("a", "f", 3, "def").ok());
  ASSERT_TRUE(files->Write("a", "f", 0, "abc").ok());
  ASSERT_TRUE(files->Write("a", "empty", 0, "").ok());
  EXPECT_EQ(*files->Read("a", "f", 0, 100), "abcdef");
  EXPECT_EQ(*files->Read("a", "f", 2, 2), "cd");
  EXPECT_EQ(*files->Read("a", "f", 6, 2), "");
  EXPECT_EQ(*files->Read("a", "f", 60, 2), "");
  EXPECT_THAT(*files->List("a"), ElementsAre(FileSize{"empty", 0}, FileSize{"f", 6}));
  EXPECT_THAT(*files->Directories(), ElementsAre("a"));
}

TEST_P(CheckpointFilesTest, TruncatesAndGrowsWithZeros) {
  ASSERT_TRUE(files->Write("a", "f", 0, "abcdef").ok());
  ASSERT_TRUE(files->Truncate("a", "f", 2).ok());
  ASSERT_TRUE(files->Write("a", "f", 4, "x").ok());
  EXPECT_EQ(*files->Read("a", "f", 0, 100), std::string("ab\0\0x", 5));
}

TEST_P(CheckpointFilesTest, SaysWhatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(files->List("a").status()));
  EXPECT_TRUE(absl::IsNotFound(files->Read("a", "f", 0, 1).status()));
  EXPECT_TRUE(absl::IsNotFound(files->Sync("a")));
  ASSERT_TRUE(files->Write("a", "f", 0, "x").ok());
  EXPECT_TRUE(absl::IsNotFound(files->Read("a", "g", 0, 1).status()));
  EXPECT_TRUE(absl::IsNotFound(files->Truncate("a", "g", 0)));
  EXPECT_TRUE(files->Remove("b").ok());
}

TEST_P(CheckpointFilesTest, RenameReplaces) {
  ASSERT_TRUE(files->Write("a.part", "f", 0, "new").ok());
  ASSERT_TRUE(files->Write("a", "g", 0, "old").ok());
  ASSERT_TRUE(files->Sync("a.part").ok());
  ASSERT_TRUE(files->Rename("a.part", "a").ok());
  EXPECT_THAT(*files->List("a"), ElementsAre(FileSize{"f", 3}));
  EXPECT_THAT(*files->Directories(), ElementsAre("a"));
  ASSERT_TRUE(files->Remove("a").ok());
  EXPECT_THAT(*files->Directories(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, CheckpointFilesTest, ::testing::Bool(),
                         [](const auto& kind) { return kind.param ? "Disk" : "Memory"; });

TEST(DiskCheckpointFilesTest, RefusesADirectoryInTheDirectory) {
  std::string name = (std::filesystem::temp_directory_path() / "rookery-XXXXXX").string();
  const std::string root = ::mkdtemp(name.data());
  std::filesystem::create_directories(root + "/a/b");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenCheckpointFiles(root)->List("a").status()));
  std::filesystem::remove_all(root);
}

TEST(MemoryCheckpointFilesTest, APowerFailureTakesWhatWasNotSynced) {
  MemoryCheckpointFiles files;
  ASSERT_TRUE(files.Write("a", "f", 0, "abc").ok());
  ASSERT_TRUE(files.Sync("a").ok());
  ASSERT_TRUE(files.Write("a", "f", 3, "def").ok());
  ASSERT_TRUE(files.Write("a", "g", 0, "x").ok());
  files.LosePower();
  EXPECT_EQ(*files.Read("a", "f", 0, 10), std::string("abc\0\0\0", 6));
  EXPECT_THAT(*files.List("a"), ElementsAre(FileSize{"f", 6}));
}

TEST(PlainNameTest, KnowsWhatIsSafe) {
  EXPECT_TRUE(IsPlainName("MANIFEST-000005"));
  EXPECT_TRUE(IsPlainName("a.b_c"));
  for (const char* name : {"", ".", "..", "../x", "a/b", ".x", "a b", "a\n"}) {
    EXPECT_FALSE(IsPlainName(name)) << name;
  }
  EXPECT_FALSE(IsPlainName(std::string(201, 'a')));
}

}  // namespace
}  // namespace rookery::consensus
