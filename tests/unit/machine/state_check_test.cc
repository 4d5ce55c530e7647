#include "coordinator/machine/state_check.h"

#include <gtest/gtest.h>

#include <limits>

#include "coordinator/machine/container_table.h"
#include "coordinator/store/keys.h"
#include "tests/unit/machine/machine_fixture.h"

namespace rookery::machine {
namespace {

constexpr uint64_t kAll = std::numeric_limits<uint64_t>::max();

absl::Status CheckAll(const store::Base& base) {
  StateCheck check;
  return CheckState(*base.TakeSnapshot(), &check);
}

std::shared_ptr<store::Base> EmptyBase() {
  return *store::CreateMemoryBase(std::make_shared<store::MemoryDisk>(), "");
}

void Put(store::Base* base, const std::string& key, const std::string& value) {
  const std::unique_ptr<store::Base::Batch> batch = base->NewBatch();
  ASSERT_TRUE(batch->Put(key, value).ok());
  ASSERT_TRUE(batch->Commit().ok());
}

std::string Encoded(const store::Node& node) {
  std::string bytes;
  store::EncodeNode(node, &bytes);
  return bytes;
}

// Two nodes and the state that goes with them.
class StateCheckTest : public testing::Test {
 protected:
  StateCheckTest() {
    root_.num_children = 1;
    child_.data = "data";
    Put(base_.get(), store::NodeKey("/"), Encoded(root_));
    Put(base_.get(), store::NodeKey("/a"), Encoded(child_));
    state_ = {.applied_index = 9,
              .node_digest = store::NodeHash("/", root_) + store::NodeHash("/a", child_),
              .node_count = 2,
              .data_bytes = 7};
    Put(base_.get(), store::RowKey(kStateRow), EncodeState(state_));
  }
  absl::Status Check() const { return CheckAll(*base_); }

  std::shared_ptr<store::Base> base_ = EmptyBase();
  store::Node root_, child_;
  State state_;
};

TEST_F(StateCheckTest, AStateThatAddsUpIsInOrder) { EXPECT_TRUE(Check().ok()) << Check(); }

TEST_F(StateCheckTest, AStateThatWasNeverWrittenIsInOrder) {
  EXPECT_TRUE(CheckAll(*EmptyBase()).ok());
}

TEST_F(StateCheckTest, AWellFormedNodeThatIsWrongIsFound) {
  child_.data = "dat4";
  Put(base_.get(), store::NodeKey("/a"), Encoded(child_));
  EXPECT_EQ(Check().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(std::string(Check().message()).find("entry 9"), std::string::npos) << Check();
}

TEST_F(StateCheckTest, AMissingAndAForeignNodeAreFound) {
  Put(base_.get(), store::NodeKey("/b"), Encoded(child_));
  EXPECT_EQ(Check().code(), absl::StatusCode::kDataLoss);
}

TEST_F(StateCheckTest, BytesThatAreNoNodeAreFoundByTheirPath) {
  Put(base_.get(), store::NodeKey("/a"), "junk");
  EXPECT_NE(std::string(Check().message()).find("/a"), std::string::npos) << Check();
}

TEST_F(StateCheckTest, AContainerGoesWithItsRow) {
  state_.node_digest -= store::NodeHash("/a", child_);
  child_.ephemeral_owner = store::kContainerOwner;
  state_.node_digest += store::NodeHash("/a", child_);
  Put(base_.get(), store::NodeKey("/a"), Encoded(child_));
  Put(base_.get(), store::RowKey(kStateRow), EncodeState(state_));
  EXPECT_EQ(Check().code(), absl::StatusCode::kDataLoss);
  Put(base_.get(), store::RowKey("c/a"), ContainerTable::RowOf(child_));
  EXPECT_TRUE(Check().ok()) << Check();
  child_.num_children = child_.child_creations = 1;
  Put(base_.get(), store::RowKey("c/a"), ContainerTable::RowOf(child_));
  EXPECT_EQ(Check().code(), absl::StatusCode::kDataLoss) << "a row that says something else";
}

TEST_F(StateCheckTest, NodesWithoutAStateAreFound) {
  const std::shared_ptr<store::Base> base = EmptyBase();
  Put(base.get(), store::NodeKey("/"), Encoded(root_));
  EXPECT_EQ(CheckAll(*base).code(), absl::StatusCode::kDataLoss);
}

TEST_F(StateCheckTest, AStateOfALaterLevelIsRefusedByItsNumber) {
  state_.level = kLevelKnown + 1;
  Put(base_.get(), store::RowKey(kStateRow), EncodeState(state_));
  EXPECT_EQ(Check().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(std::string(Check().message()).find("level 2"), std::string::npos) << Check();
}

TEST_F(StateCheckTest, SlicesOfAnySizeComeToTheSameSum) {
  for (const auto& [bytes, expected] : {std::pair<uint64_t, int>{1, 3}, {kAll, 1}}) {
    StateCheck check;
    const auto snapshot = base_->TakeSnapshot();
    int slices = 1;
    while (*check.Continue(*snapshot, bytes)) ++slices;
    EXPECT_EQ(slices, expected);
    EXPECT_TRUE(check.Finish().ok());
    EXPECT_EQ(check.digest(), state_.node_digest);
  }
}

}  // namespace
}  // namespace rookery::machine
