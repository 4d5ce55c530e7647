// Changes, loads and reads while flushes are under way; crashes at each of their steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"
#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;
using testing::Pair;

class FlushTest : public testing::Test, public StoreFixture {
 protected:
  FlushTest() : StoreFixture(MemoryHarness()) {
    Get("/");
    store_->Put("/", NodeOf("root"));
  }
};

TEST_F(FlushTest, KeepsAFrozenValueWhileItChangesInMemory) {
  Create("/a", "old");
  BeginFlush();  // frozen, not written
  Create("/b", "new");
  store_->Put("/a", NodeOf("new"));
  EXPECT_EQ(DataOf("/a"), "new");
  run_->RunAll();
  EXPECT_EQ(DataOf("/a"), "new");
  Restart();
  EXPECT_EQ(DataOf("/a"), "old");
  EXPECT_EQ(DataOf("/b"), "absent");
}

// The disk was full for a moment: what comes later must not be written over the gap.
TEST_F(FlushTest, NothingIsWrittenBehindAWriteThatFailed) {
  Create("/a", "1");
  BeginFlush();
  run_->RunAll();
  store_->Put("/a", NodeOf("2"));
  hooked_->commit_failure = absl::ResourceExhaustedError("no space left on device");
  absl::Status of_view, of_flush;
  store_->OpenView([&](const auto& view) { of_view = view.status(); });
  Create("/b", "1");  // waits behind it
  store_->Flush([&](const absl::Status& status) { of_flush = status; });
  run_->RunAll();
  EXPECT_EQ(of_view.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(of_flush.code(), absl::StatusCode::kResourceExhausted);
  hooked_->commit_failure = absl::OkStatus();
  Create("/c", "1");
  of_view = of_flush = absl::OkStatus();
  store_->Flush([&](const absl::Status& status) { of_flush = status; });
  store_->OpenView([&](const auto& view) { of_view = view.status(); });
  run_->RunAll();
  EXPECT_EQ(of_view.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(of_flush.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(DataOf("/a"), "2") << "memory still has it";
  Restart();
  EXPECT_EQ(DataOf("/a"), "1");
  EXPECT_EQ(DataOf("/b"), "absent");
  EXPECT_EQ(DataOf("/c"), "absent");
}

TEST_F(FlushTest, KeepsAFrozenNodeThatIsErasedAndMadeAgain) {
  Create("/a", "1");
  BeginFlush();
  Delete("/a");
  BeginFlush();
  Create("/a", "2");
  EXPECT_EQ(DataOf("/a"), "2");
  run_->RunAll();
  EXPECT_EQ(DataOf("/a"), "2");
  Restart();
  EXPECT_EQ(DataOf("/a"), "absent");
  EXPECT_EQ(KeysInBase(), 1) << "the root";
}

// Between freezing and visibility there are: frozen, written and not reported. At each of them a
// process that dies leaves the state of one flush, rows and nodes together; so does one that dies
// after any step of the writing.
TEST_F(FlushTest, LeavesTheStateOfOneEntryWhereverItCrashes) {
  int commits = 0;
  const auto on_commit = [this, &commits] {
    ++commits;
    std::string node;
    std::string row;
    const auto visit = [&](absl::string_view key, absl::string_view value) {
      if (key == NodeKey("/")) node = DecodeNode(value)->data.value_or("");
      if (key == RowKey("m")) row = std::string(value);
      return true;
    };
    EXPECT_TRUE(hooked_->TakeSnapshot()->Scan("", "", visit).ok());
    EXPECT_EQ(node, row) << "half of a flush is visible";
  };
  const auto row = [this] {
    std::string found;
    EXPECT_TRUE(store_
                    ->ScanRows("m", [&](absl::string_view,
                                        absl::string_view value) { found = std::string(value); })
                    .ok());
    return found;
  };
  for (int entry = 1; entry <= 8; ++entry) {
    hooked_->on_commit = on_commit;
    store_->Put("/", NodeOf(absl::StrCat("entry ", entry)));
    store_->PutRow("m", absl::StrCat("entry ", entry));
    BeginFlush();
    std::string expected = absl::StrCat("entry ", entry);
    if (entry % 4 == 1) expected = absl::StrCat("entry ", entry - 1);  // never written
    if (entry % 4 == 2) run_->flush.RunOne();                          // written, not reported
    if (entry % 4 == 3) run_->RunAll();
    if (entry % 4 == 0) {
      run_->RunAll();
      store_->Put("/", NodeOf("not flushed"));
    }
    Restart();
    if (entry == 1) {
      EXPECT_EQ(DataOf("/"), "absent");
      EXPECT_EQ(row(), "");
    } else {
      EXPECT_EQ(DataOf("/"), expected);
      EXPECT_EQ(row(), expected);
    }
  }
  EXPECT_EQ(commits, 6);
}

TEST_F(FlushTest, WritesWhatWaitsInOneBatchAndFinishesInOrder) {
  std::vector<int> finished;
  for (int i = 0; i < 5; ++i) {
    Create(absl::StrCat("/", i), "x");
    store_->Flush([&finished, i](absl::Status) { finished.push_back(i); });
  }
  EXPECT_EQ(store_->GetUsage().frozen_layers, 5u);
  EXPECT_EQ(run_->flush.size(), 1u);
  run_->RunAll();
  EXPECT_THAT(finished, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(store_->GetUsage().flushes, 2u) << "the first alone, then the rest";
  EXPECT_EQ(store_->GetUsage().frozen_layers, 0u);
}

TEST_F(FlushTest, StandsAtMostItsNumberOfLayersAndLosesNothingByIt) {
  options_.frozen_layers_max = 3;
  Restart();
  Get("/");
  store_->Put("/", NodeOf("root"));
  int finished = 0;
  for (int i = 0; i < 20; ++i) {
    Create(absl::StrCat("/n", i), absl::StrCat(i));
    store_->Put("/", NodeOf("root", i + 1));
    store_->PutRow("m", absl::StrCat(i));
    store_->Flush([&](absl::Status) { ++finished; });
    EXPECT_LE(store_->GetUsage().frozen_layers, 3u);
  }
  run_->RunAll();
  EXPECT_EQ(finished, 20);
  Restart();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(DataOf(absl::StrCat("/n", i)), absl::StrCat(i));
  std::string row;
  const auto keep = [&row](absl::string_view, absl::string_view value) {
    row = std::string(value);
  };
  ASSERT_TRUE(store_->ScanRows("m", keep).ok());
  EXPECT_EQ(row, "19");
}

TEST_F(FlushTest, CallsBackAtOnceIfNothingChanged) {
  Flush();
  EXPECT_EQ(store_->GetUsage().flushes, 1u);
  Flush();
  EXPECT_EQ(store_->GetUsage().flushes, 1u);
}

TEST_F(FlushTest, LoadDoesNotBringBackWhatChangedMeanwhile) {
  Create("/a", "old");
  RestartAfterFlush();
  // Two loads ask for /a; the first answer is back when the second still runs.
  std::unique_ptr<Pin> first = store_->Load({.nodes = {"/", "/a"}}, [](absl::Status) {});
  run_->load.RunOne();  // read, not delivered
  std::unique_ptr<Pin> second = store_->Load({.nodes = {"/a"}}, [](absl::Status) {});
  run_->RunCore();
  store_->Put("/a", NodeOf("new"));
  first.reset();
  BeginFlush();
  run_->flush.RunOne();
  run_->RunAll();
  EXPECT_EQ(DataOf("/a"), "new");
}

TEST_F(FlushTest, ListIsRightWhateverComesBetweenItsLoadAndItsUse) {
  for (const char* name : {"/a", "/b", "/c"}) Create(name, "x");
  RestartAfterFlush();
  auto root = Load({.nodes = {"/", "/a", "/b", "/c", "/d", "/e", "/f"}});
  Create("/d", "x");  // active when the load begins
  BeginFlush();       // frozen
  Delete("/a");
  bool loaded = false;
  auto pin = store_->Load({.child_lists = {"/"}}, [&](absl::Status) { loaded = true; });
  run_->load.RunOne();   // the base is read
  run_->flush.RunOne();  // and changes before the answer is taken
  Create("/e", "x");
  BeginFlush();
  Delete("/d");
  EXPECT_EQ(store_->Children("/"), std::nullopt);
  run_->core.RunOne();
  run_->RunAll();
  ASSERT_TRUE(loaded);
  Create("/f", "x");
  Delete("/b");
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("c", "e", "f"));
}

TEST_F(FlushTest, ListSeesALayerThatWasIngestedBeforeItsScanAndRetiredAfter) {
  Create("/a", "x");
  RestartAfterFlush();
  auto nodes = Load({.nodes = {"/", "/a", "/b"}});
  Create("/b", "x");
  BeginFlush();
  auto pin = store_->Load({.child_lists = {"/"}}, [](absl::Status) {});
  run_->flush.RunOne();  // ingested
  run_->load.RunOne();   // the scan sees it
  run_->RunCore();       // retired first, then the answer: both orders agree
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a", "b"));
}

TEST_F(FlushTest, ListSeesALayerThatWasIngestedAfterItsScanAndRetiredBeforeItsAnswer) {
  Create("/a", "x");
  RestartAfterFlush();
  auto nodes = Load({.nodes = {"/", "/a", "/b"}});
  Create("/b", "x");
  Delete("/a");
  BeginFlush();
  auto pin = store_->Load({.child_lists = {"/"}}, [](absl::Status) {});
  hooked_->SetHook([this] { run_->flush.RunOne(); });
  run_->RunAll();
  EXPECT_EQ(store_->GetUsage().frozen_layers, 0u);
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("b"));
}

TEST_F(FlushTest, WritesADeletionThatANewerLayerForgot) {
  Create("/a", "x");
  Flush();
  store_->Put("/", NodeOf("root", 1));
  BeginFlush();  // the others wait behind it
  Delete("/a");
  BeginFlush();
  Create("/a", "x");
  Delete("/a");
  BeginFlush();
  run_->RunAll();
  EXPECT_EQ(store_->GetUsage().flushes, 3u) << "the last two in one";
  EXPECT_EQ(KeysInBase(), 1) << "the root";
}

TEST_F(FlushTest, NothingJoinsALayerThatAViewStandsFor) {
  Flush();
  options_.frozen_layers_max = 1;
  Restart();
  auto pin = Load({.nodes = {"/"}});
  store_->Put("/", NodeOf("1"));
  BeginFlush();
  std::shared_ptr<NodeStore::View> view;
  store_->Put("/", NodeOf("2"));
  store_->OpenView([&](auto opened) { view = *std::move(opened); });
  store_->Put("/", NodeOf("3"));
  BeginFlush();
  run_->RunAll();
  EXPECT_THAT(Scan(*view), ElementsAre(Pair("/", "2")));
}

TEST_F(FlushTest, ListsABigParentWithChangesInEveryLayer) {
  Create("/p", "");
  for (int i = 0; i < 3000; ++i) Create(absl::StrCat("/p/", 10000 + i), "x");
  RestartAfterFlush();
  std::set<std::string> expected;
  for (int i = 0; i < 3000; ++i) expected.insert(absl::StrCat(10000 + i));
  for (int i = 0; i < 300; ++i) {
    Delete(absl::StrCat("/p/", 10000 + 7 * i));
    expected.erase(absl::StrCat(10000 + 7 * i));
    Create(absl::StrCat("/p/new", i), "x");
    expected.insert(absl::StrCat("new", i));
    if (i % 60 == 0) BeginFlush();
  }
  EXPECT_THAT(ChildrenOf("/p"), testing::ElementsAreArray(expected));
  Restart();
  EXPECT_EQ(ChildrenOf("/p").size(), Get("/p").node->num_children);
}

TEST_F(FlushTest, ViewShowsExactlyTheStateOfItsCall) {
  Create("/a", "1");
  Create("/a/x", "1");
  Create("/b", "1");
  BeginFlush();
  std::shared_ptr<NodeStore::View> view;
  Create("/c", "1");
  store_->OpenView([&](auto opened) { view = *std::move(opened); });
  Create("/d", "2");
  store_->Put("/b", NodeOf("2"));
  BeginFlush();
  run_->RunAll();
  ASSERT_NE(view, nullptr);
  EXPECT_THAT(Scan(*view), ElementsAre(Pair("/", "root"), Pair("/a", "1"), Pair("/b", "1"),
                                       Pair("/c", "1"), Pair("/a/x", "1")));
  EXPECT_THAT(Scan(*view, "/a"), ElementsAre(Pair("/a", "1"), Pair("/a/x", "1")));
  EXPECT_THAT(Scan(*view, "/", "/b"),
              ElementsAre(Pair("/b", "1"), Pair("/c", "1"), Pair("/a/x", "1")));
  EXPECT_THAT(Scan(*view, "/", "/zzz"), ElementsAre(Pair("/a/x", "1")));
  EXPECT_THAT(Scan(*OpenView(), "/b"), ElementsAre(Pair("/b", "2")));
}

TEST_F(FlushTest, IsDueBySizeByLogAndByAge) {
  Flush();
  EXPECT_FALSE(store_->FlushDue(uint64_t{1} << 40)) << "nothing changed";
  store_->Put("/", NodeOf("x"));
  EXPECT_FALSE(store_->FlushDue(0));
  EXPECT_TRUE(store_->FlushDue(options_.flush_log_bytes));
  run_->clock.now_us += options_.flush_interval_ms * 1000;
  EXPECT_TRUE(store_->FlushDue(0));
  Flush();
  store_->Put("/", NodeOf(std::string(options_.flush_bytes, 'x')));
  EXPECT_TRUE(store_->FlushDue(0));
}

TEST_F(FlushTest, IsOverloadedWhileTooMuchIsUnwritten) {
  store_->Put("/", NodeOf(std::string(options_.unflushed_bytes_max, 'x')));
  EXPECT_TRUE(store_->Overloaded());
  BeginFlush();
  EXPECT_TRUE(store_->Overloaded());
  run_->RunAll();
  EXPECT_FALSE(store_->Overloaded());
}

TEST_F(FlushTest, WaitsForABaseThatLagsBehind) {
  store_->Put("/", NodeOf(std::string(options_.flush_bytes, 'x')));
  hooked_->health.level0_files = options_.level0_files_slow;
  Flush();
  store_->Put("/", NodeOf(std::string(options_.flush_bytes, 'x')));
  EXPECT_FALSE(store_->FlushDue(0)) << "half as often";
  EXPECT_FALSE(store_->Overloaded());
  store_->Put("/", NodeOf(std::string(2 * options_.flush_bytes, 'x')));
  EXPECT_TRUE(store_->FlushDue(0));
  hooked_->health.level0_files = options_.level0_files_max;
  run_->core.Fire();  // it looks again by itself
  run_->RunAll();
  EXPECT_TRUE(store_->Overloaded());
  hooked_->health.level0_files = 0;
  run_->core.Fire();
  run_->RunAll();
  EXPECT_FALSE(store_->Overloaded());
}

TEST_F(FlushTest, EndsWhileAFlushAndALoadAreUnderWay) {
  Create("/a", "1");
  BeginFlush();
  auto pin = store_->Load({.nodes = {"/zz/top"}}, [](absl::Status) { FAIL(); });
  store_.reset();
  run_->RunAll();
  pin.reset();
  Close();
  Open(options_);
  EXPECT_EQ(DataOf("/a"), "1") << "the write under way may finish";
}

}  // namespace
}  // namespace rookery::store
