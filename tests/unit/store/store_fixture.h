// A whole store with executors that the test drives, and shorthands that keep the tree's rules.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/model/path.h"
#include "coordinator/store/node_store.h"
#include "tests/unit/store/base_harness.h"
#include "tests/unit/store/hooked_base.h"
#include "tests/unit/store/manual_executors.h"

namespace rookery::store {

inline Node NodeOf(std::string data, int32_t num_children = 0) {
  Node node;
  node.data = std::move(data);
  node.num_children = num_children;
  return node;
}

// A store over a base of the harness; Restart is a crash and a new process.
class StoreFixture {
 public:
  explicit StoreFixture(std::unique_ptr<BaseHarness> harness,
                        const StoreOptions& options = WithoutFilter())
      : harness_(std::move(harness)) {
    Open(options);
  }
  ~StoreFixture() { Close(); }

  // Absence is loaded then, like everything else.
  static StoreOptions WithoutFilter() {
    StoreOptions options;
    options.absence_filter_bytes_max = 0;
    return options;
  }

  void Open(const StoreOptions& options) {
    options_ = options;
    hooked_ = std::make_shared<HookedBase>(harness_->Open(state_name_).value());
    base_ = hooked_;
    state_name_ = base_->name();
    store_ = CreateNodeStore(options, base_, run_->executors(), &run_->clock);
  }
  void Close() {
    store_.reset();
    base_.reset();
    hooked_.reset();
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
    while (!loaded && (run_->core.RunOne() || run_->load.RunOne())) {
    }
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
  // Begins a flush and leaves it where it is.
  void BeginFlush() {
    store_->Flush([](absl::Status status) { EXPECT_TRUE(status.ok()) << status; });
  }
  int KeysInBase() {
    int keys = 0;
    EXPECT_TRUE(base_->TakeSnapshot()
                    ->Scan("", "",
                           [&](absl::string_view, absl::string_view) {
                             ++keys;
                             return true;
                           })
                    .ok());
    return keys;
  }
  std::shared_ptr<NodeStore::View> OpenView() {
    std::shared_ptr<NodeStore::View> view;
    store_->OpenView([&](absl::StatusOr<std::shared_ptr<NodeStore::View>> opened) {
      EXPECT_TRUE(opened.ok()) << opened.status();
      view = *std::move(opened);
    });
    run_->RunAll();
    return view;
  }
  // path -> data, in the order of the view.
  static std::vector<std::pair<std::string, std::string>> Scan(const NodeStore::View& view,
                                                               const std::string& root = "/",
                                                               const std::string& from = "") {
    std::vector<std::pair<std::string, std::string>> nodes;
    EXPECT_TRUE(view.Scan(root, from,
                          [&](absl::string_view path, const Node& node) {
                            nodes.emplace_back(path, node.data.value_or("null"));
                            return true;
                          })
                    .ok());
    return nodes;
  }
  // Everything clean is forgotten, as if there was no room.
  void RestartAfterFlush() {
    Flush();
    Restart();
  }

  std::unique_ptr<BaseHarness> harness_;
  std::unique_ptr<ManualExecutors> run_ = std::make_unique<ManualExecutors>();
  StoreOptions options_;
  std::string state_name_;
  std::shared_ptr<HookedBase> hooked_;
  std::shared_ptr<Base> base_;
  std::unique_ptr<NodeStore> store_;
};

}  // namespace rookery::store
