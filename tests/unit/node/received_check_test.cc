#include "coordinator/main/node/received_check.h"

#include <gtest/gtest.h>

#include <string>

#include "coordinator/machine/state.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/node_codec.h"

namespace rookery {
namespace {

// A checkpoint of one node at entry 9, as its maker wrote it down.
class ReceivedCheckTest : public testing::Test {
 protected:
  ReceivedCheckTest() {
    node_.data = "data";
    manifest_ = {.index = 9, .digest = store::NodeHash("/a", node_)};
    Put(store::NodeKey("/a"), node_);
    std::string row = machine::EncodeState(
        {.applied_index = 9, .node_digest = manifest_.digest, .node_count = 1, .data_bytes = 6});
    Put(store::RowKey(machine::kStateRow), std::move(row));
  }
  void Put(const std::string& key, const store::Node& node) {
    std::string bytes;
    store::EncodeNode(node, &bytes);
    Put(key, bytes);
  }
  void Put(const std::string& key, const std::string& value) {
    const std::unique_ptr<store::Base::Batch> batch = base_->NewBatch();
    ASSERT_TRUE(batch->Put(key, value).ok());
    ASSERT_TRUE(batch->Commit().ok());
  }
  absl::Status Check() { return CheckReceived(*base_, *base_->Checkpoint("one"), manifest_); }

  std::shared_ptr<store::MemoryDisk> disk_ = std::make_shared<store::MemoryDisk>();
  std::shared_ptr<store::Base> base_ = *store::CreateMemoryBase(disk_, "");
  store::Node node_;
  consensus::Manifest manifest_;
};

TEST_F(ReceivedCheckTest, TakesWhatTheManifestSays) {
  const absl::Status status = Check();
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(ReceivedCheckTest, RefusesANodeThatIsWellFormedAndWrong) {
  node_.data = "datb";
  Put(store::NodeKey("/a"), node_);
  EXPECT_TRUE(absl::IsDataLoss(Check()));
}

TEST_F(ReceivedCheckTest, RefusesAnotherEntryOrDigest) {
  manifest_.index = 10;
  const absl::Status entry = Check();
  EXPECT_NE(std::string(entry.message()).find("expected the state at entry 10"), std::string::npos)
      << entry;
  manifest_.index = 9;
  ++manifest_.digest;
  EXPECT_TRUE(absl::IsDataLoss(CheckReceived(*base_, "checkpoints/one", manifest_)));
}

TEST_F(ReceivedCheckTest, RefusesWhatCannotBeOpened) {
  const std::string directory = *base_->Checkpoint("one");
  disk_->WriteFile(directory, "000001", "no rows");
  EXPECT_FALSE(CheckReceived(*base_, directory, manifest_).ok());
  EXPECT_FALSE(CheckReceived(*base_, "nowhere", manifest_).ok());
}

}  // namespace
}  // namespace rookery
