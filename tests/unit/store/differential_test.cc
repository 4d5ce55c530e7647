// A store with tiny limits against a plain map, over random histories: whatever is loaded, frozen,
// ingested, evicted, installed or lost in a crash, it says what the map says.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/base/random.h"
#include "tests/unit/store/store_fixture.h"

namespace rookery::store {
namespace {

struct Model {
  std::map<std::string, std::string> nodes;
  std::map<std::string, std::string> rows;

  std::vector<std::string> ChildrenOf(const std::string& path) const {
    std::vector<std::string> names;
    const std::string prefix = path == "/" ? "/" : path + "/";
    for (auto at = nodes.lower_bound(prefix); at != nodes.end(); ++at) {
      if (at->first.compare(0, prefix.size(), prefix) != 0) break;
      const std::string name = at->first.substr(prefix.size());
      if (!name.empty() && name.find('/') == std::string::npos) names.push_back(name);
    }
    return names;
  }
};

class History : public StoreFixture {
 public:
  History(std::unique_ptr<BaseHarness> harness, uint64_t seed)
      : StoreFixture(std::move(harness), Tiny(seed)), random_(seed) {
    Begin();
    store_->Put("/", Stamp("root"));
    now_.nodes["/"] = "root";
    Keep();
    Flush();
  }

  void Run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
    run_->RunAll();
    CheckAll();
  }

 private:
  static StoreOptions Tiny(uint64_t seed) {
    StoreOptions options;
    options.memory_budget_bytes = 6000;
    options.flush_bytes = 1500;
    options.frozen_layers_max = 3;
    options.hash_seed = seed;
    if (seed % 2 == 0) options.absence_filter_bytes_max = 0;
    return options;
  }
  void Begin() {
    Get("/");
    durable_.clear();
  }
  Node Stamp(const std::string& data) {
    Node node = NodeOf(data);
    node.mzxid = ++zxid_;
    if (random_.Chance(0.2)) {
      node.acl = std::make_shared<const model::Acl>(
          model::Acl{{31, {"digest", absl::StrCat("u", random_.Below(3))}}});
    }
    return node;
  }
  // The present state is one that a flush will make durable.
  void Keep() { durable_.push_back(now_); }

  void Step() {
    const uint64_t what = random_.Below(100);
    if (what < 40) {
      Write();
    } else if (what < 55) {
      Advance();
    } else if (what < 70) {
      const std::string path = Path();
      EXPECT_EQ(DataOf(path), now_.nodes.count(path) ? now_.nodes[path] : "absent") << path;
    } else if (what < 80) {
      const std::string path = Path();
      EXPECT_EQ(ChildrenOf(path), now_.ChildrenOf(path)) << path;
    } else if (what < 88) {
      BeginFlushOf();
    } else if (what < 91) {
      View();
    } else if (what < 93) {
      Install();
    } else if (what < 95) {
      Crash();
    } else {
      HoldLoad();
    }
  }

  std::string Path() {
    std::string path;
    const uint64_t depth = random_.Below(4);
    for (uint64_t i = 0; i < depth; ++i)
      absl::StrAppend(&path, "/", random_.Below(i == 1 ? 12 : 4));
    return path.empty() ? "/" : path;
  }

  void Write() {
    const std::string path = Path();
    const std::string parent = path == "/" ? "" : std::string(model::ParentPath(path));
    // As a request does: pinned until it was applied.
    auto pin = Load({.nodes = {path, parent.empty() ? "/" : parent}});
    const std::string data = std::string(random_.Below(60), 'a' + random_.Below(26));
    if (now_.nodes.count(path) > 0) {
      if (path != "/" && now_.ChildrenOf(path).empty() && random_.Chance(0.6)) {
        Count(parent, -1);
        store_->Erase(path);
        now_.nodes.erase(path);
      } else {
        Node node = Stamp(data);
        node.num_children = store_->Find(path).node->num_children;
        store_->Put(path, std::move(node));
        now_.nodes[path] = data;
      }
    } else if (parent.empty() || now_.nodes.count(parent) > 0) {
      if (!parent.empty()) Count(parent, 1);
      store_->Put(path, Stamp(data));
      now_.nodes[path] = data;
    }
    if (random_.Chance(0.2)) {
      const std::string row = absl::StrCat("r", random_.Below(5));
      if (random_.Chance(0.3)) {
        store_->EraseRow(row);
        now_.rows.erase(row);
      } else {
        store_->PutRow(row, data);
        now_.rows[row] = data;
      }
    }
  }
  void Count(const std::string& parent, int by) {
    Node node = *store_->Find(parent).node;
    node.num_children += by;
    store_->Put(parent, std::move(node));
  }

  // Something that is under way goes a step further.
  void Advance() {
    switch (random_.Below(4)) {
      case 3:
        run_->core.Fire();
        break;
      case 0:
        run_->core.RunOne();
        break;
      case 1:
        run_->load.RunOne();
        break;
      default:
        run_->flush.RunOne();
    }
  }

  void BeginFlushOf() {
    Keep();
    store_->Flush([](absl::Status status) { EXPECT_TRUE(status.ok()); });
  }

  void HoldLoad() {
    held_.push_back(store_->Load({.nodes = {Path(), Path()}, .child_lists = {Path()}},
                                 [](absl::Status status) { EXPECT_TRUE(status.ok()); }));
    if (held_.size() > 3) held_.erase(held_.begin());
  }

  void View() {
    Keep();
    const Model then = now_;
    std::shared_ptr<NodeStore::View> view;
    store_->OpenView([&](auto opened) { view = *std::move(opened); });
    if (random_.Chance(0.5)) Write();
    run_->RunAll();
    ASSERT_NE(view, nullptr);
    std::map<std::string, std::string> seen;
    for (auto& [path, data] : Scan(*view)) seen[path] = data;
    EXPECT_EQ(seen, then.nodes);
  }

  void Install() {
    Keep();
    const Model then = now_;
    absl::StatusOr<std::string> made;
    store_->Checkpoint(absl::StrCat("c", ++checkpoints_), [&](auto done) { made = done; });
    if (random_.Chance(0.5)) Write();
    run_->RunAll();
    ASSERT_TRUE(made.ok()) << made.status();
    for (int i = 0; i < 3; ++i) Write();
    if (random_.Chance(0.5)) BeginFlushOf();
    HoldLoad();
    bool installed = false;
    store_->Install(harness_->Receive(*made), [&](absl::Status status) {
      EXPECT_TRUE(status.ok()) << status;
      installed = true;
    });
    run_->RunAll();
    ASSERT_TRUE(installed);
    store_->DropCheckpoint(absl::StrCat("c", checkpoints_));
    state_name_ = store_->StateName();
    if (random_.Chance(0.5)) store_->RemoveOldStates();
    now_ = then;
    durable_ = {then};
    CheckAll();
  }

  void Crash() {
    Keep();
    held_.clear();
    Restart();
    const Model found = Found();
    // One of the states that a flush stood for, never a mixture.
    bool known = false;
    durable_.pop_back();  // the present one was not flushed
    for (const Model& model : durable_) {
      known |= model.nodes == found.nodes && model.rows == found.rows;
    }
    EXPECT_TRUE(known);
    now_ = found;
    durable_ = {found};
  }

  // Everything, as the store says it.
  Model Found() {
    Model found;
    std::vector<std::string> open = {"/"};
    while (!open.empty()) {
      const std::string path = open.back();
      open.pop_back();
      const std::string data = DataOf(path);
      if (data == "absent") continue;
      found.nodes[path] = data;
      for (const std::string& name : ChildrenOf(path)) open.push_back(model::ChildPath(path, name));
    }
    EXPECT_TRUE(store_
                    ->ScanRows("",
                               [&](absl::string_view key, absl::string_view value) {
                                 found.rows[std::string(key)] = std::string(value);
                               })
                    .ok());
    return found;
  }
  void CheckAll() { EXPECT_EQ(Found().nodes, now_.nodes); }

  Random random_;
  Model now_;
  std::vector<Model> durable_;  // what a flush was begun for, since the last start
  std::vector<std::unique_ptr<Pin>> held_;
  int64_t zxid_ = 0;
  int checkpoints_ = 0;
};

TEST(DifferentialTest, MemoryBaseSaysWhatAMapSays) {
  for (uint64_t seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    History(MemoryHarness(), seed).Run(300);
  }
}

TEST(DifferentialTest, RocksBaseSaysWhatAMapSays) {
  for (uint64_t seed = 1; seed <= 4 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    History(RocksHarness(), seed).Run(300);
  }
}

}  // namespace
}  // namespace rookery::store
