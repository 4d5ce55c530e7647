#include "coordinator/session/table/session_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/store/memory/memory_base.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery::session {
namespace {

using testing::ElementsAre;

class SessionTableTest : public testing::Test {
 protected:
  SessionTableTest() { Open(); }

  void Open() {
    run_ = std::make_unique<store::ManualExecutors>();
    auto base = store::CreateMemoryBase(disk_, state_name_).value();
    state_name_ = base->name();
    store_ = store::CreateNodeStore({}, base, run_->executors(), &run_->clock);
    table_ = std::make_unique<SessionTable>(store_.get());
    recovered_ = table_->Recover();
  }
  // All that was written is on disk, and read back by a new process.
  void Restart() {
    table_->SaveNextId();
    store_->Flush([](absl::Status status) { ASSERT_TRUE(status.ok()) << status; });
    run_->RunAll();
    table_.reset();
    store_.reset();
    Open();
    ASSERT_TRUE(recovered_.ok()) << recovered_;
  }

  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  std::string state_name_;
  std::unique_ptr<store::ManualExecutors> run_;
  std::unique_ptr<store::NodeStore> store_;
  std::unique_ptr<SessionTable> table_;
  absl::Status recovered_;
};

TEST_F(SessionTableTest, IdsStayClearOfZeroAndOfTheTopByteOfAllOnes) {
  const model::SessionId id = table_->Open(1000, "password", {1, 1, 1});
  EXPECT_EQ(id, SessionTable::kFirstId);
  EXPECT_NE(static_cast<uint64_t>(id) >> 56, 0u);
  EXPECT_NE(static_cast<uint64_t>(id) >> 56, 0xffu);
  EXPECT_EQ(table_->Open(1000, "password", {1, 1, 2}), id + 1);
}

TEST_F(SessionTableTest, RemembersEverythingOfASession) {
  const model::SessionId id = table_->Open(1000, "password", {1, 2, 3});
  table_->Attach(id, 2000, {4, 5, 6});
  table_->AddEphemeral(id, "/b");
  table_->AddEphemeral(id, "/a");
  table_->AddEphemeral(id, "/c");
  table_->RemoveEphemeral(id, "/c");
  Restart();
  const Session* session = table_->Find(id);
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->timeout_ms, 2000);
  EXPECT_EQ(session->password, "password");
  EXPECT_EQ(session->owner, (model::Owner{4, 5, 6}));
  EXPECT_EQ(session->attach_count, 1u);
  EXPECT_THAT(session->ephemerals, ElementsAre("/a", "/b"));
  EXPECT_EQ(table_->ephemeral_count(), 2u);
}

TEST_F(SessionTableTest, ClosedSessionLeavesNothingBehind) {
  const uint64_t digest = table_->digest();
  const model::SessionId id = table_->Open(1000, "password", {1, 2, 3});
  table_->AddEphemeral(id, "/a");
  table_->RemoveEphemeral(id, "/a");
  EXPECT_NE(table_->digest(), digest);
  table_->Close(id);
  EXPECT_EQ(table_->digest(), digest);
  Restart();
  EXPECT_EQ(table_->Find(id), nullptr);
  EXPECT_TRUE(table_->sessions().empty());
  EXPECT_EQ(table_->ephemeral_count(), 0u);
  EXPECT_GT(table_->Open(1000, "password", {}), id) << "an id was used again";
}

TEST_F(SessionTableTest, DigestIsOfTheStateAndNotOfItsHistory) {
  const model::SessionId first = table_->Open(1000, "password", {1, 2, 3});
  const uint64_t digest = table_->digest();
  const model::SessionId second = table_->Open(1000, "password", {1, 2, 3});
  table_->Attach(second, 5, {7, 7, 7});
  table_->Close(second);
  EXPECT_EQ(table_->digest(), digest);
  table_->Attach(first, 1000, {1, 2, 3});
  EXPECT_NE(table_->digest(), digest) << "the number of attaches belongs to the state";
  const uint64_t attached = table_->digest();
  Restart();
  EXPECT_EQ(table_->digest(), attached);
}

TEST_F(SessionTableTest, AddingTwiceIsAddingOnce) {
  const model::SessionId id = table_->Open(1000, "password", {1, 2, 3});
  table_->AddEphemeral(id, "/a");
  table_->AddEphemeral(id, "/a");
  EXPECT_EQ(table_->ephemeral_count(), 1u);
  table_->RemoveEphemeral(id, "/a");
  table_->RemoveEphemeral(id, "/a");
  EXPECT_EQ(table_->ephemeral_count(), 0u);
}

TEST_F(SessionTableTest, RefusesRowsThatAreNotItsOwn) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"s12345678", "nonsense"}, {"s", ""}, {"e12345678/orphan", ""}, {"n", "short"}}) {
    disk_ = std::make_shared<store::MemoryDisk>();
    state_name_.clear();
    table_.reset();
    store_.reset();
    Open();
    store_->PutRow(key, value);
    store_->Flush([](absl::Status) {});
    run_->RunAll();
    EXPECT_EQ(table_->Recover().code(), absl::StatusCode::kDataLoss) << key;
  }
}

}  // namespace
}  // namespace rookery::session
