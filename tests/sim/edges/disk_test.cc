#include "tests/sim/edges/disk.h"

#include <gtest/gtest.h>

#include "coordinator/consensus/log/durable_mark.h"

namespace rookery::sim {
namespace {

using consensus::DurableMark;
using consensus::DurableMarkFile;

constexpr uint64_t kDisks = 50;  // each with its own luck
constexpr uint64_t kEntries = 6;

// As a server does: the log first, then its mark, which is not synced.
void Append(SimDisk* disk, DurableMarkFile* mark) {
  for (uint64_t index = 1; index <= kEntries; ++index) {
    ASSERT_TRUE(
        disk->log()
            ->Write({{.records = {{.index = index, .term = 1, .data = "x"}}, .must_sync = true}})
            .ok());
    ASSERT_TRUE(mark->Write({.last_term = 1, .last_index = index, .term = 1}).ok());
  }
}

DurableMark ReadMark(SimDisk* disk) {
  return DurableMarkFile(disk->files()).Read().value_or(DurableMark());
}

TEST(SimDiskTest, APowerFailureSetsTheMarkBack) {
  bool set_back = false;
  for (uint64_t seed = 1; seed <= kDisks; ++seed) {
    SimDisk disk(seed);
    DurableMarkFile mark(disk.files());
    Append(&disk, &mark);
    disk.LosePower();
    set_back |= ReadMark(&disk).last_index < kEntries;
  }
  EXPECT_TRUE(set_back);
}

TEST(SimDiskTest, AFlippedLogKeepsItsMark) {
  for (uint64_t seed = 1; seed <= kDisks; ++seed) {
    SimDisk disk(seed);
    DurableMarkFile mark(disk.files());
    Append(&disk, &mark);
    ASSERT_TRUE(disk.FlipLog());
    disk.LosePower();
    EXPECT_EQ(ReadMark(&disk).last_index, kEntries) << seed;
  }
}

TEST(SimDiskTest, ALogWhoseMarkWasSetBackIsNotFlippedBeforeTheNextMark) {
  uint64_t refused = 0;
  for (uint64_t seed = 1; seed <= kDisks; ++seed) {
    SimDisk disk(seed);
    DurableMarkFile mark(disk.files());
    Append(&disk, &mark);
    disk.LosePower();
    if (ReadMark(&disk).last_index < kEntries) {
      ++refused;
      EXPECT_FALSE(disk.FlipLog()) << seed;
    }
    ASSERT_TRUE(mark.Write({.last_term = 1, .last_index = kEntries, .term = 1}).ok());
    EXPECT_TRUE(disk.FlipLog()) << seed;
  }
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace rookery::sim
