#include "coordinator/main/node/rescan.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/node_codec.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery {
namespace {

// A state of a hundred nodes in more than one slice.
class RescanTest : public testing::Test {
 protected:
  RescanTest() {
    const std::unique_ptr<store::Base::Batch> batch = base_->NewBatch();
    machine::State state{.applied_index = 7};
    for (int i = 100; i < 200; ++i) {
      const std::string path = absl::StrCat("/", i);
      store::Node node;
      node.data = std::string(30'000, 'x');
      state.node_digest += store::NodeHash(path, node);
      ++state.node_count;
      state.data_bytes += path.size() + node.data->size();
      std::string bytes;
      store::EncodeNode(node, &bytes);
      EXPECT_TRUE(batch->Put(store::NodeKey(path), bytes).ok());
    }
    EXPECT_TRUE(batch->Put(store::RowKey(machine::kStateRow), machine::EncodeState(state)).ok());
    EXPECT_TRUE(batch->Commit().ok());
  }
  // A node that is well-formed and wrong: no checksum of a block would tell.
  void Damage() {
    store::Node node;
    node.data = "y";
    std::string bytes;
    store::EncodeNode(node, &bytes);
    const std::unique_ptr<store::Base::Batch> batch = base_->NewBatch();
    EXPECT_TRUE(batch->Put(store::NodeKey("/150"), bytes).ok());
    EXPECT_TRUE(batch->Commit().ok());
  }
  void Start() {
    rescan_ = std::make_unique<Rescan>(&core_, &background_, base_, 1'000'000,
                                       [this](absl::Status status) { damage_ = status; });
  }
  // Runs what is posted, and counts the slices read.
  int RunPosted() {
    int slices = 0;
    while (true) {
      if (background_.RunOne()) {
        ++slices;
      } else if (!core_.RunOne()) {
        return slices;
      }
    }
  }
  // A whole pass, its pauses included; the slices read. The timer of the next pass is set then.
  int RunPass() {
    int slices = RunPosted();
    const uint64_t all = 100 * 30'000;
    for (uint64_t read = 1 << 20; read < all; read += 1 << 20) {
      core_.Fire();
      slices += RunPosted();
    }
    return slices;
  }

  std::shared_ptr<store::Base> base_ =
      *store::CreateMemoryBase(std::make_shared<store::MemoryDisk>(), "");
  store::ManualCore core_;
  store::ManualBackground background_;
  absl::Status damage_;
  std::unique_ptr<Rescan> rescan_;
};

TEST_F(RescanTest, ReadsAWholeStateInSlicesWithPauses) {
  Start();
  EXPECT_EQ(RunPosted(), 1);
  core_.Fire();
  EXPECT_EQ(RunPosted(), 1);
  core_.Fire();
  EXPECT_EQ(RunPosted(), 1);
  EXPECT_TRUE(damage_.ok()) << damage_;
}

TEST_F(RescanTest, TellsOfDamageWithTheStateAndTheRepair) {
  Damage();
  Start();
  RunPass();
  EXPECT_EQ(damage_.code(), absl::StatusCode::kDataLoss);
  const std::string text(damage_.message());
  EXPECT_NE(text.find(base_->name()), std::string::npos) << text;
  EXPECT_NE(text.find("entry 7"), std::string::npos) << text;
  EXPECT_NE(text.find("rookery ensemble rejoin"), std::string::npos) << text;
}

TEST_F(RescanTest, LooksAgainAfterItsPeriod) {
  Start();
  EXPECT_EQ(RunPass(), 3);
  Damage();
  EXPECT_EQ(RunPosted(), 0);
  EXPECT_TRUE(damage_.ok()) << damage_;
  core_.Fire();
  RunPass();
  EXPECT_EQ(damage_.code(), absl::StatusCode::kDataLoss);
}

TEST_F(RescanTest, LooksAtOnceWhenThereIsAReason) {
  Start();
  EXPECT_EQ(RunPass(), 3);
  Damage();
  rescan_->Hurry();
  RunPass();
  EXPECT_EQ(damage_.code(), absl::StatusCode::kDataLoss);
}

TEST_F(RescanTest, AReasonThatComesDuringAPassLeadsToAnother) {
  Start();
  EXPECT_EQ(RunPosted(), 1);
  Damage();
  rescan_->Hurry();
  core_.Fire();
  RunPosted();
  core_.Fire();
  EXPECT_EQ(RunPosted(), 2) << "the last slice of the first, the first of the next";
  core_.Fire();
  RunPosted();
  core_.Fire();
  RunPosted();
  EXPECT_EQ(damage_.code(), absl::StatusCode::kDataLoss);
}

TEST_F(RescanTest, ReadsTheStateOfItsBeginningWhateverIsWrittenMeanwhile) {
  Start();
  EXPECT_EQ(RunPosted(), 1);
  Damage();
  core_.Fire();
  RunPosted();
  core_.Fire();
  RunPosted();
  EXPECT_TRUE(damage_.ok()) << damage_;
}

TEST_F(RescanTest, MayEndWithASliceUnderWay) {
  Start();
  rescan_.reset();
  EXPECT_EQ(RunPosted(), 1);
  core_.Fire();
  EXPECT_EQ(RunPosted(), 0);
}

}  // namespace
}  // namespace rookery
