#include "coordinator/store/layer/path_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"

namespace rookery::store {
namespace {

Entry* Add(PathTable* table, const std::string& path) {
  Entry* entry = Entry::New(path);
  table->Insert(entry);
  return entry;
}

TEST(PathTableTest, FindsEveryEntryWhileItGrows) {
  PathTable table(1);
  std::map<std::string, Entry*> expected;
  for (int i = 0; i < 50000; ++i) {
    const std::string path = absl::StrCat("/some/parent/node-", i);
    EXPECT_EQ(table.Find(path), nullptr);
    expected[path] = Add(&table, path);
  }
  for (const auto& [path, entry] : expected) {
    ASSERT_EQ(table.Find(path), entry);
    ASSERT_EQ(entry->path(), path);
  }
  EXPECT_EQ(table.size(), expected.size());
}

TEST(PathTableTest, ReplacesAnEntryByAnotherOfItsPath) {
  PathTable table(1);
  Entry* old = Add(&table, "/a");
  Entry* now = Entry::New("/a");
  table.Replace(old, now);
  EXPECT_EQ(table.Find("/a"), now);
  EXPECT_EQ(table.size(), 1u);
  Entry::Delete(old);
}

// Removal closes gaps by moving others: nothing may get lost by it, whatever collides.
TEST(PathTableTest, EqualsAModelUnderInsertionAndEviction) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    PathTable table(seed);
    Random random(seed);
    std::map<std::string, Entry*> model;
    for (int round = 0; round < 400; ++round) {
      for (int i = 0; i < 30; ++i) {
        const std::string path = absl::StrCat("/", random.Below(5000));
        if (model.count(path) == 0) model[path] = Add(&table, path);
      }
      table.Sweep(200, [&](const Entry* entry) {
        if (random.Chance(0.5)) return false;
        EXPECT_EQ(model.erase(std::string(entry->path())), 1u);
        return true;
      });
      ASSERT_EQ(table.size(), model.size());
      for (const auto& [path, entry] : model) ASSERT_EQ(table.Find(path), entry) << path;
    }
  }
}

TEST(PathTableTest, OffersOnlyWhatWasNotUsedSinceTheHandPassed) {
  PathTable table(1);
  for (int i = 0; i < 100; ++i) Add(&table, absl::StrCat("/", i));
  // Goes on until "/8" is offered, about once a turn; whether "/7" was on the way.
  const auto turn = [&] {
    bool seven = false;
    bool eight = false;
    while (!eight) {
      table.Sweep(1, [&](const Entry* entry) {
        seven |= entry->path() == "/7";
        eight |= entry->path() == "/8";
        return false;
      });
    }
    return seven;
  };
  turn();
  EXPECT_TRUE(turn());
  table.Find("/7");
  EXPECT_FALSE(turn());
  EXPECT_TRUE(turn());
}

}  // namespace
}  // namespace rookery::store
