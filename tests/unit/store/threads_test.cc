// The store on real threads: writers, readers, loads and flushes at once (run under tsan too).
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/base/random.h"
#include "coordinator/store/node_store.h"
#include "tests/unit/store/base_harness.h"

namespace rookery::store {
namespace {

// Writes random nodes below "/" one after the other, each after a load, with flushes and views in
// between; calls `done` when all was written and flushed.
class Writer {
 public:
  Writer(NodeStore* store, int writes, std::promise<void>* done)
      : store_(store), left_(writes), done_(done) {}

  void Begin() {
    pin_ = store_->Load({.nodes = {"/"}}, [this](absl::Status status) {
      ASSERT_TRUE(status.ok());
      if (store_->Find("/").presence == Presence::kAbsent) store_->Put("/", Node());
      Next();
    });
  }

  std::map<std::string, std::string> expected;

 private:
  void Next() {
    if (left_-- == 0) {
      store_->Flush([this](absl::Status status) {
        EXPECT_TRUE(status.ok()) << status;
        Check();
      });
      return;
    }
    path_ = absl::StrCat("/", random_.Below(500));
    pin_ = store_->Load({.nodes = {"/", path_}, .child_lists = {"/"}}, [this](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      Write();
      Next();
    });
  }

  void Write() {
    const Found found = store_->Find(path_);
    ASSERT_NE(found.presence, Presence::kUnknown);
    ASSERT_EQ(found.presence == Presence::kPresent, expected.count(path_) > 0) << path_;
    Node root = *store_->Find("/").node;
    if (found.node != nullptr) {
      ASSERT_EQ(*found.node->data, expected[path_]);
    }
    if (found.node != nullptr && random_.Chance(0.4)) {
      --root.num_children;
      store_->Put("/", std::move(root));
      store_->Erase(path_);
      expected.erase(path_);
    } else {
      if (found.node == nullptr) {
        ++root.num_children;
        store_->Put("/", std::move(root));
      }
      Node node;
      node.data = std::string(random_.Below(200), 'a' + random_.Below(26));
      expected[path_] = *node.data;
      store_->Put(path_, std::move(node));
    }
    if (random_.Chance(0.02)) {
      store_->Flush([](absl::Status status) { EXPECT_TRUE(status.ok()) << status; });
    }
    if (random_.Chance(0.01)) {
      const auto children = store_->Children("/");
      ASSERT_TRUE(children.has_value());
      EXPECT_EQ(children->size(), expected.size());
    }
  }

  void Check() {
    store_->OpenView([this](auto view) {
      std::map<std::string, std::string> seen;
      EXPECT_TRUE(view.ok());
      EXPECT_TRUE((*view)
                      ->Scan("/", "",
                             [&](absl::string_view path, const Node& node) {
                               if (path != "/") seen[std::string(path)] = *node.data;
                               return true;
                             })
                      .ok());
      EXPECT_EQ(seen, expected);
      done_->set_value();
    });
  }

  NodeStore* const store_;
  int left_;
  std::promise<void>* const done_;
  Random random_{3};
  std::string path_;
  std::unique_ptr<Pin> pin_;
};

class ThreadsTest : public testing::TestWithParam<std::unique_ptr<BaseHarness> (*)()> {};

TEST_P(ThreadsTest, WritesAndReadsWhileItFlushes) {
  const std::unique_ptr<BaseHarness> harness = GetParam()();
  const std::shared_ptr<Base> base = harness->Open("").value();
  AsioCore core;
  const auto load = StartThread("load");
  const auto flush = StartThread("flush");
  core.Start("core");
  std::unique_ptr<NodeStore> store;
  std::promise<void> done;
  std::unique_ptr<Writer> writer;
  core.Post([&] {
    store =
        CreateNodeStore({.memory_budget_bytes = 40 << 10}, base,
                        {.core = &core, .load = load.get(), .flush = flush.get()}, &SystemClock());
    writer = std::make_unique<Writer>(store.get(), 20'000, &done);
    writer->Begin();
  });
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  std::promise<void> ended;
  core.Post([&] {
    writer.reset();
    store.reset();
    ended.set_value();
  });
  ended.get_future().wait();
  core.Stop();
}

INSTANTIATE_TEST_SUITE_P(Memory, ThreadsTest, testing::Values(&MemoryHarness));
INSTANTIATE_TEST_SUITE_P(Rocks, ThreadsTest, testing::Values(&RocksHarness));

}  // namespace
}  // namespace rookery::store
