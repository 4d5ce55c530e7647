// What the layer holds follows its budget, and what is needed stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

constexpr uint64_t kBudget = 200 << 10;

class BudgetTest : public testing::Test, public StoreFixture {
 protected:
  BudgetTest()
      : StoreFixture(MemoryHarness(),
                     {.memory_budget_bytes = kBudget, .absence_filter_bytes_max = 0}) {
    Get("/");
    store_->Put("/", NodeOf(""));
    for (int i = 0; i < 5000; ++i) Create(absl::StrCat("/node-", i), std::string(100, 'x'));
  }
  uint64_t Bytes() {
    const NodeStore::Usage usage = store_->GetUsage();
    return usage.active_bytes + usage.frozen_bytes + usage.clean_bytes;
  }
};

TEST_F(BudgetTest, HoldsChangesOverTheBudgetAndEvictsThemOnceTheyAreFlushed) {
  EXPECT_GT(Bytes(), 5000u * 200);
  Flush();
  EXPECT_LE(Bytes(), kBudget);
  EXPECT_GT(Bytes(), kBudget / 2) << "and no more than needed";
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(DataOf(absl::StrCat("/node-", i)), std::string(100, 'x')) << i;
    ASSERT_LE(Bytes(), kBudget + 2000);
  }
}

TEST_F(BudgetTest, KeepsWhatIsPinned) {
  Flush();
  LoadSet set;
  for (int i = 0; i < 2000; ++i) set.nodes.push_back(absl::StrCat("/node-", i));
  set.nodes.push_back("/absent");
  const LoadSet pinned = set;
  auto pin = Load(std::move(set));
  for (int i = 2000; i < 5000; ++i) Get(absl::StrCat("/node-", i));
  for (const std::string& path : pinned.nodes) {
    ASSERT_NE(store_->Find(path).presence, Presence::kUnknown) << path;
  }
  EXPECT_GT(Bytes(), kBudget);
  pin.reset();
  for (int i = 2000; i < 2100; ++i) Get(absl::StrCat("/node-", i));
  run_->RunAll();
  EXPECT_LE(Bytes(), kBudget + 2000);
}

TEST_F(BudgetTest, EvictsAbsencesToo) {
  Flush();
  for (int i = 0; i < 5000; ++i) Get(absl::StrCat("/absent-", i));
  run_->RunAll();
  EXPECT_LE(Bytes(), kBudget + 2000);
}

TEST_F(BudgetTest, KeepsWhatIsUsedOften) {
  Flush();
  Get("/node-7");
  uint64_t again = 0;
  for (int i = 1000; i < 5000; ++i) {
    Get(absl::StrCat("/node-", i));
    again += store_->Find("/node-7").presence == Presence::kUnknown;
    Get("/node-7");
  }
  EXPECT_EQ(again, 0u);
}

TEST_F(BudgetTest, EvictsBigListsThatNobodyUses) {
  Flush();
  EXPECT_EQ(ChildrenOf("/").size(), 5000u);
  for (int i = 0; i < 200; ++i) Get(absl::StrCat("/node-", i));
  run_->RunAll();
  EXPECT_LE(Bytes(), kBudget + 2000);
  EXPECT_EQ(ChildrenOf("/").size(), 5000u);
}

TEST_F(BudgetTest, SharesEqualAccessControlLists) {
  const auto list = [] {
    return std::make_shared<const model::Acl>(model::Acl{{31, {"digest", "user:hash"}}});
  };
  for (const char* path : {"/node-1", "/node-2"}) {
    Node node = *Get(path).node;
    node.acl = list();
    store_->Put(path, std::move(node));
  }
  EXPECT_EQ(store_->Find("/node-1").node->acl, store_->Find("/node-2").node->acl);
  const std::vector<model::AclEntry> expected = *list();
  RestartAfterFlush();
  EXPECT_EQ(*Get("/node-1").node->acl, expected);
  EXPECT_EQ(Get("/node-1").node->acl, Get("/node-2").node->acl);
  EXPECT_EQ(Get("/node-3").node->acl, model::OpenAcl());
}

}  // namespace
}  // namespace rookery::store
