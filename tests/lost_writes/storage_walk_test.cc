// Every point at which the power may fail in a short life of a server's storage, and at each of
// them every kind of loss: what was acknowledged is there, and the server starts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/lost_writes/crash_images.h"
#include "tests/lost_writes/storage_run.h"
#include "tests/support/temporary_directory.h"

namespace rookery::lost_writes {
namespace {

namespace fs = std::filesystem;

struct Walk {
  size_t points = 0;
  size_t images = 0;
  size_t wrong = 0;
  std::vector<std::string> texts;  // of the first few that are wrong
};

struct WalkOptions {
  size_t stride = 1;  // takes every so-many-eth point
  void (StorageRun::*live)() = &StorageRun::Live;
  std::vector<Step::Kind> forgotten;
};

Walk WalkStorage(const StorageRunOptions& options, const WalkOptions& how = {}) {
  constexpr size_t kTextsMax = 10;
  // Opening thousands of databases must not wait for a real disk.
  if (fs::exists("/dev/shm")) setenv("TMPDIR", "/dev/shm", /*overwrite=*/0);
  testing::TemporaryDirectory here, spare, crashed;
  Journal journal(here.path() / "run");
  fs::create_directory(journal.root());
  for (const Step::Kind kind : how.forgotten) journal.Forget(kind);
  StorageRun run(options, &journal, spare.path());
  (run.*how.live)();
  Walk walk;
  CrashImages images(journal.steps());
  std::set<std::pair<uint64_t, size_t>> seen;
  while (true) {
    if (images.at() % how.stride == 0 || images.at() == journal.steps().size()) {
      ++walk.points;
      for (const Loss loss : kLosses) {
        const Image image = images.Make(loss, options.seed + images.at());
        // The same bytes at the same place.
        if (!seen.insert({image.Hash(), images.at()}).second) continue;
        ++walk.images;
        const std::string directory = crashed.path() / absl::StrCat(walk.images);
        fs::create_directory(directory);
        image.WriteTo(directory);
        const absl::Status status = run.Judge(directory, images.at());
        if (!status.ok() && ++walk.wrong <= kTextsMax) {
          const std::string after =
              images.at() == 0 ? "nothing" : ToText(journal.steps()[images.at() - 1]);
          walk.texts.push_back(absl::StrCat("step ", images.at(), " (", after, "), ", NameOf(loss),
                                            ": ", status.ToString()));
          if (std::getenv("ROOKERY_KEEP") != nullptr) {
            fs::copy(directory, absl::StrCat(std::getenv("ROOKERY_KEEP"), "/", walk.wrong),
                     fs::copy_options::recursive);
          }
        }
        fs::remove_all(directory);
      }
    }
    if (images.at() == journal.steps().size()) break;
    images.Next();
  }
  std::printf("%zu steps, %zu of them looked at, %zu different images, %zu wrong\n",
              journal.steps().size(), walk.points, walk.images, walk.wrong);
  return walk;
}

std::string Join(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) absl::StrAppend(&all, text, "\n");
  return all;
}

TEST(StorageWalkTest, KeepsWhatWasAcknowledgedAtEveryPoint) {
  const Walk walk = WalkStorage({.seed = 1});
  EXPECT_EQ(walk.wrong, 0u) << Join(walk.texts);
}

TEST(StorageWalkTest, KeepsItInALogDirectoryOfItsOwnToo) {
  const Walk walk = WalkStorage({.seed = 2, .own_log_dir = true}, {.stride = 7});
  EXPECT_EQ(walk.wrong, 0u) << Join(walk.texts);
}

TEST(StorageWalkTest, KeepsTheEndOfALogWhoseBeginningIsTrimmed) {
  const Walk walk = WalkStorage({.seed = 4}, {.live = &StorageRun::LiveTrimming});
  EXPECT_EQ(walk.wrong, 0u) << Join(walk.texts);
}

// The walk itself: mistakes that it has to find.

TEST(StorageWalkTest, SeesALogThatIsNotSynced) {
  EXPECT_GT(WalkStorage({.seed = 3, .sync = false}, {.stride = 5}).wrong, 0u);
}

TEST(StorageWalkTest, SeesFilesThatAreNotSynced) {
  EXPECT_GT(WalkStorage({.seed = 3}, {.stride = 5, .forgotten = {Step::Kind::kSyncFile}}).wrong,
            0u);
}

TEST(StorageWalkTest, SeesDirectoriesThatAreNotSynced) {
  const WalkOptions how = {.stride = 5, .forgotten = {Step::Kind::kSyncDirectory}};
  EXPECT_GT(WalkStorage({.seed = 3}, how).wrong, 0u);
}

}  // namespace
}  // namespace rookery::lost_writes
