#include "coordinator/store/node_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/model/path.h"
#include "coordinator/store/memory/memory_base.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

Node NodeOf(std::string data, int32_t num_children = 0) {
  Node node;
  node.data = std::move(data);
  node.num_children = num_children;
  return node;
}

// A store over a disk in memory; Restart is a crash and a new process.
class NodeStoreTest : public testing::Test {
 protected:
  NodeStoreTest() { Open(StoreOptions()); }
  ~NodeStoreTest() override { Close(); }

  void Open(const StoreOptions& options) {
    options_ = options;
    base_ = CreateMemoryBase(disk_, state_name_).value();
    state_name_ = base_->name();
    store_ = CreateNodeStore(options, base_, run_->executors(), &run_->clock);
  }
  void Close() {
    store_.reset();
    base_.reset();
    run_ = std::make_unique<ManualExecutors>();
  }
  void Restart() {
    Close();
    Open(options_);
  }

  // A parent with the number of its children counted, as the tree does.
  void Create(const std::string& path, const std::string& data) {
    CountChild(path, 1);
    store_->Put(path, NodeOf(data));
  }
  void Delete(const std::string& path) {
    CountChild(path, -1);
    store_->Erase(path);
  }
  void CountChild(const std::string& path, int32_t by) {
    if (path == "/") return;
    const std::string parent(model::ParentPath(path));
    const Found found = Get(parent);
    ASSERT_EQ(found.presence, Presence::kPresent) << parent;
    Node node = *found.node;
    node.num_children += by;
    store_->Put(parent, std::move(node));
    Get(path);
  }
  // Loads what is missing.
  Found Get(const std::string& path) {
    Found found = store_->Find(path);
    if (found.presence != Presence::kUnknown) return found;
    auto pin = Load({.nodes = {path}});
    return store_->Find(path);
  }
  std::string DataOf(const std::string& path) {
    const Found found = Get(path);
    return found.node == nullptr ? "absent" : found.node->data.value_or("null");
  }
  std::vector<std::string> ChildrenOf(const std::string& path) {
    auto children = store_->Children(path);
    if (children.has_value()) return *children;
    auto pin = Load({.child_lists = {path}});
    return store_->Children(path).value();
  }
  std::unique_ptr<Pin> Load(LoadSet set) {
    bool loaded = false;
    auto pin = store_->Load(std::move(set), [&](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      loaded = true;
    });
    EXPECT_FALSE(loaded) << "called from inside";
    run_->RunAll();
    EXPECT_TRUE(loaded);
    return pin;
  }
  void Flush() {
    bool flushed = false;
    store_->Flush([&](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      flushed = true;
    });
    run_->RunAll();
    EXPECT_TRUE(flushed);
  }
  // Everything clean is forgotten, as if there was no room.
  void RestartAfterFlush() {
    Flush();
    Restart();
  }

  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::unique_ptr<ManualExecutors> run_ = std::make_unique<ManualExecutors>();
  StoreOptions options_;
  std::string state_name_;
  std::shared_ptr<Base> base_;
  std::unique_ptr<NodeStore> store_;
};

TEST_F(NodeStoreTest, KnowsNothingBeforeALoad) {
  EXPECT_EQ(store_->Find("/a").presence, Presence::kUnknown);
  EXPECT_EQ(store_->Children("/a"), std::nullopt);
}

TEST_F(NodeStoreTest, RemembersAbsence) {
  EXPECT_EQ(Get("/a").presence, Presence::kAbsent);
  EXPECT_EQ(store_->Find("/a").presence, Presence::kAbsent);
}

TEST_F(NodeStoreTest, ReadsItsOwnChangesAtOnce) {
  Get("/");
  store_->Put("/", NodeOf("root"));
  Create("/a", "1");
  EXPECT_EQ(DataOf("/a"), "1");
  EXPECT_THAT(ChildrenOf("/"), ElementsAre("a"));
  Delete("/a");
  EXPECT_EQ(DataOf("/a"), "absent");
  EXPECT_THAT(ChildrenOf("/"), IsEmpty());
}

TEST_F(NodeStoreTest, LosesWhatWasNotFlushedAndKeepsWhatWas) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Create("/a", "1");
  store_->PutRow("m", "row");
  Flush();
  Create("/b", "2");
  store_->PutRow("m", "later");
  Restart();
  EXPECT_EQ(DataOf("/a"), "1");
  EXPECT_EQ(DataOf("/b"), "absent");
  std::vector<std::pair<std::string, std::string>> rows;
  ASSERT_TRUE(store_
                  ->ScanRows("m", [&](absl::string_view key,
                                      absl::string_view value) { rows.emplace_back(key, value); })
                  .ok());
  EXPECT_THAT(rows, ElementsAre(std::pair<std::string, std::string>("m", "row")));
}

TEST_F(NodeStoreTest, TellsNullFromEmptyAfterARestart) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Create("/empty", "");
  Create("/null", "");
  Node null = *Get("/null").node;
  null.data.reset();
  store_->Put("/null", null);
  RestartAfterFlush();
  EXPECT_EQ(DataOf("/empty"), "");
  EXPECT_EQ(DataOf("/null"), "null");
}

TEST_F(NodeStoreTest, ImpliesAbsenceBelowALeafWithoutALoad) {
  Get("/");
  store_->Put("/", NodeOf(""));
  EXPECT_EQ(store_->Find("/a").presence, Presence::kAbsent);
  EXPECT_THAT(store_->Children("/"), Optional(IsEmpty()));
}

TEST_F(NodeStoreTest, WritesNothingOfWhatCameAndWentBetweenFlushes) {
  Get("/");
  store_->Put("/", NodeOf(""));
  Flush();
  Create("/a", "1");
  Delete("/a");
  Flush();
  const MemoryDisk::MapRef state = disk_->State(state_name_);
  EXPECT_THAT(*state, SizeIs(1));
}

}  // namespace
}  // namespace rookery::store
