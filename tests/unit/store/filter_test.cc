// Absence known without loads, at any time of a filter's life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "coordinator/store/layer/absence_filter.h"
#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

TEST(AbsenceFilterTest, RemembersAllAndMistakesFew) {
  AbsenceFilter filter;
  Random random(5);
  std::vector<uint64_t> added;
  for (int i = 0; i < 300'000; ++i) added.push_back(random.Next());
  for (const uint64_t hash : added) filter.Add(hash);
  for (const uint64_t hash : added) ASSERT_TRUE(filter.MayContain(hash));
  int mistaken = 0;
  for (int i = 0; i < 100'000; ++i) mistaken += filter.MayContain(random.Next());
  EXPECT_LT(mistaken, 400);
  EXPECT_LT(filter.bytes(), 300'000u * 8);
}

TEST(AbsenceFilterTest, HoldsNothingAtFirst) {
  const AbsenceFilter filter;
  EXPECT_FALSE(filter.MayContain(1));
  EXPECT_EQ(filter.bytes(), 0u);
}

class FilterTest : public testing::Test, public StoreFixture {
 protected:
  FilterTest() : StoreFixture(MemoryHarness(), StoreOptions()) {
    run_->RunAll();
    store_->Put("/", NodeOf(""));
  }
  void Fill(int nodes) {
    for (int i = 0; i < nodes; ++i) Create(absl::StrCat("/n", i), "x");
  }
  int Unknown() {
    int unknown = 0;
    for (int i = 0; i < 1000; ++i) {
      unknown += store_->Find(absl::StrCat("/none", i)).presence == Presence::kUnknown;
    }
    return unknown;
  }
};

TEST_F(FilterTest, KnowsAbsenceInANewStoreWithoutALoad) {
  Fill(3000);
  EXPECT_LT(Unknown(), 30);
  EXPECT_LT(store_->GetUsage().loads, 60u);
  EXPECT_GT(store_->GetUsage().filter_bytes, 0u);
}

TEST_F(FilterTest, KnowsItAgainAfterARestartOnceTheBaseWasRead) {
  Fill(3000);
  RestartAfterFlush();
  Get("/");
  run_->RunAll();
  EXPECT_EQ(Unknown(), 1000) << "only a part was read";
  Create("/early", "x");
  run_->core.Fire();
  run_->RunAll();
  Create("/late", "x");
  EXPECT_LT(Unknown(), 30);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(DataOf(absl::StrCat("/n", i)), "x");
  Flush();
  EXPECT_EQ(DataOf("/early"), "x");
  EXPECT_EQ(DataOf("/late"), "x");
}

TEST_F(FilterTest, KnowsItAfterAnInstall) {
  Fill(100);
  std::string path;
  store_->Checkpoint("one", [&](auto made) { path = *std::move(made); });
  run_->RunAll();
  Create("/later", "x");
  store_->Install(harness_->Receive(path), [](absl::Status status) { EXPECT_TRUE(status.ok()); });
  run_->RunAll();
  state_name_ = store_->StateName();
  EXPECT_LT(Unknown(), 30);
  EXPECT_EQ(store_->Find("/n7").presence, Presence::kUnknown);
  EXPECT_EQ(DataOf("/n7"), "x");
  EXPECT_EQ(DataOf("/later"), "absent");
}

TEST_F(FilterTest, IsMadeAnewWhenMostOfItsPathsAreGone) {
  Fill(100);
  options_.memory_budget_bytes = 1;  // what is in the base soon is nowhere else
  RestartAfterFlush();
  auto root = Load({.nodes = {"/"}});
  for (int i = 0; i < 1'100'000; ++i) {
    const std::string path = absl::StrCat("/short-lived-", i);
    store_->Put(path, NodeOf(""));
    store_->Erase(path);
    if (i % 100'000 == 0 && i <= 900'000) Flush();
  }
  Create("/between", "x");
  BeginFlush();
  Create("/during", "x");
  run_->RunAll();
  EXPECT_LT(store_->GetUsage().filter_bytes, 1u << 20);
  Flush();
  for (const char* kept : {"/n7", "/between", "/during"}) {
    EXPECT_EQ(store_->Find(kept).presence, Presence::kUnknown) << "to be asked for";
    EXPECT_EQ(DataOf(kept), "x");
  }
  EXPECT_LT(Unknown(), 30);
}

TEST_F(FilterTest, IsDoneWithoutWhereItWouldBeTooBig) {
  options_.absence_filter_bytes_max = 10'000;
  Fill(10);
  RestartAfterFlush();
  Get("/");
  run_->RunAll();
  EXPECT_EQ(store_->GetUsage().filter_bytes, 0u);
  EXPECT_EQ(Unknown(), 1000);
  EXPECT_EQ(DataOf("/n7"), "x");
}

}  // namespace
}  // namespace rookery::store
