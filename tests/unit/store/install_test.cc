// A received checkpoint takes the place of everything, whatever is under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;

class InstallTest : public testing::Test, public StoreFixture {
 protected:
  // A checkpoint with "/" and "/a" = "checkpoint"; then both go on as "later".
  InstallTest() : StoreFixture(MemoryHarness()) {
    Get("/");
    store_->Put("/", NodeOf("checkpoint"));
    Create("/a", "checkpoint");
    received_ = harness_->Receive(MakeCheckpoint("one"));
    store_->Put("/a", NodeOf("later"));
    Create("/b", "later");
  }

  std::string MakeCheckpoint(const std::string& name) {
    std::string path;
    store_->Checkpoint(name, [&](absl::StatusOr<std::string> made) {
      EXPECT_TRUE(made.ok()) << made.status();
      path = *std::move(made);
    });
    run_->RunAll();
    return path;
  }
  void BeginInstall() {
    store_->Install(received_, [this](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      installed_ = true;
    });
  }
  void Install() {
    BeginInstall();
    run_->RunAll();
    ASSERT_TRUE(installed_);
    state_name_ = store_->StateName();
  }

  std::string received_;
  bool installed_ = false;
};

TEST_F(InstallTest, ShowsTheCheckpointAndNothingElse) {
  const std::string before = store_->StateName();
  Install();
  EXPECT_NE(store_->StateName(), before);
  EXPECT_EQ(DataOf("/a"), "checkpoint");
  EXPECT_EQ(DataOf("/b"), "absent");
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a"));
  Create("/c", "new");
  RestartAfterFlush();
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a", "c"));
}

TEST_F(InstallTest, WritesNoLayerOfTheOldStateIntoTheNew) {
  int flushed = 0;
  const auto count = [&](absl::Status status) { flushed += status.ok(); };
  store_->Flush(count);
  store_->Put("/a", NodeOf("even later"));
  store_->Flush(count);
  Install();
  EXPECT_EQ(flushed, 2) << "what the base holds now is newer";
  Restart();
  EXPECT_EQ(DataOf("/a"), "checkpoint");
  EXPECT_EQ(DataOf("/b"), "absent");
}

TEST_F(InstallTest, AnswersLoadsFromTheNewState) {
  RestartAfterFlush();
  bool loaded = false;
  auto pin = store_->Load({.nodes = {"/", "/a", "/b"}, .child_lists = {"/"}},
                          [&](absl::Status) { loaded = true; });
  BeginInstall();
  // The load has read the old state when the new one takes its place.
  hooked_->SetHook([this] { run_->flush.RunOne(); });
  run_->load.RunOne();
  run_->RunAll();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(store_->Find("/b").presence, Presence::kAbsent);
  EXPECT_EQ(DataOf("/a"), "checkpoint");
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a"));
}

TEST_F(InstallTest, LetsGoOfPinsFromBefore) {
  auto pin = Load({.nodes = {"/a", "/x"}, .child_lists = {"/"}});
  Install();
  EXPECT_EQ(DataOf("/a"), "checkpoint");
  pin.reset();
  EXPECT_EQ(DataOf("/a"), "checkpoint");
}

TEST_F(InstallTest, AbortsAViewThatHadNotOpened) {
  BeginFlush();
  absl::Status status;
  store_->OpenView([&](const auto& opened) { status = opened.status(); });
  Install();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
}

TEST_F(InstallTest, LeavesAViewOfTheOldStateReadable) {
  const auto view = OpenView();
  Install();
  store_->RemoveOldStates();
  run_->RunAll();
  EXPECT_EQ(Scan(*view).size(), 3u);
  EXPECT_EQ(Scan(*OpenView()).size(), 2u);
}

TEST_F(InstallTest, RemovesTheOldStateOnlyWhenTold) {
  const std::string old = store_->StateName();
  Install();
  EXPECT_TRUE(harness_->HasState(old));
  store_->RemoveOldStates();
  run_->RunAll();
  EXPECT_FALSE(harness_->HasState(old));
}

TEST_F(InstallTest, RefusesAnotherFormatAndKeepsWhatItHas) {
  harness_->SetFormat(received_, "rookery-state 2\n");
  absl::Status status;
  store_->Install(received_, [&](absl::Status done) { status = done; });
  run_->RunAll();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DataOf("/a"), "later");
}

TEST_F(InstallTest, CheckpointStandsForTheMomentOfItsCall) {
  std::string path;
  store_->Checkpoint("two", [&](auto made) { path = *std::move(made); });
  store_->Put("/a", NodeOf("after"));
  BeginFlush();
  run_->RunAll();
  received_ = harness_->Receive(path);
  Install();
  EXPECT_EQ(DataOf("/a"), "later");
}

}  // namespace
}  // namespace rookery::store
