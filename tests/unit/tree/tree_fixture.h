// Operations on a tree in a map, some of whose nodes may be out of memory.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"

namespace rookery::tree {

// What the tree needs of a store; the rest is never called.
class MapStore final : public store::NodeStore {
 public:
  store::Found Find(absl::string_view path) const override {
    if (unknown.contains(std::string(path))) return {store::Presence::kUnknown, nullptr};
    const auto at = nodes.find(std::string(path));
    if (at == nodes.end()) return {store::Presence::kAbsent, nullptr};
    return {store::Presence::kPresent, &at->second};
  }
  std::optional<std::vector<std::string>> Children(absl::string_view path) const override {
    if (unknown_lists.contains(std::string(path))) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& [other, node] : nodes) {
      if (other != "/" && model::ParentPath(other) == path) {
        names.emplace_back(model::BaseName(other));
      }
    }
    return names;
  }
  void Put(absl::string_view path, store::Node node) override {
    nodes[std::string(path)] = std::move(node);
  }
  void Erase(absl::string_view path) override { nodes.erase(std::string(path)); }

  std::map<std::string, store::Node> nodes;
  std::set<std::string> unknown;
  std::set<std::string> unknown_lists;

 private:
  void PutRow(absl::string_view, std::string) override { ADD_FAILURE(); }
  void EraseRow(absl::string_view) override { ADD_FAILURE(); }
  absl::Status ScanRows(
      absl::string_view,
      const std::function<void(absl::string_view, absl::string_view)>&) const override {
    return absl::UnimplementedError("not here");
  }
  std::unique_ptr<store::Pin> Load(store::LoadSet,
                                   absl::AnyInvocable<void(absl::Status)>) override {
    return nullptr;
  }
  void Flush(absl::AnyInvocable<void(absl::Status)>) override {}
  bool FlushDue(uint64_t) const override { return false; }
  bool Overloaded() const override { return false; }
  void Checkpoint(std::string, absl::AnyInvocable<void(absl::StatusOr<std::string>)>) override {}
  void DropCheckpoint(absl::string_view) override {}
  void Install(std::string, absl::AnyInvocable<void(absl::Status)>) override {}
  std::string StateName() const override { return ""; }
  void RemoveOldStates() override {}
  void OpenView(absl::AnyInvocable<void(absl::StatusOr<std::shared_ptr<View>>)>) override {}
  Usage GetUsage() const override { return {}; }
};

class TreeFixture : public testing::Test {
 protected:
  static constexpr model::Zxid kZxid = 50;
  static constexpr int64_t kTimeMs = 777;
  static constexpr model::SessionId kSession = 9;

  TreeFixture() {
    Put("/");
    Put("/a");
    Put("/a/b");
  }

  // A node as if created at zxid 1, counted by its parent.
  store::Node& Put(const std::string& path, model::AclRef acl = model::OpenAcl()) {
    if (path != "/") {
      store::Node& parent = base_.nodes.at(std::string(model::ParentPath(path)));
      ++parent.num_children;
      ++parent.child_creations;
    }
    store::Node& node = base_.nodes[path];
    node = {.data = "old", .acl = std::move(acl), .czxid = 1, .mzxid = 1, .pzxid = 1};
    return node;
  }
  WriteContext Context() const { return {kSession, kZxid, kTimeMs, who_}; }

  static model::CreateRequest NewNode(std::string path, int32_t flags = 0) {
    return {.path = std::move(path), .data = "new", .acl = *model::OpenAcl(), .flags = flags};
  }
  // A node after the operation; null if it is gone.
  const store::Node* Find(absl::string_view path) { return tree_.Find(path); }
  static model::AclRef AclOf(int32_t permissions) {
    return std::make_shared<const model::Acl>(model::Acl{{permissions, {"world", "anyone"}}});
  }

  MapStore base_;
  Overlay tree_{&base_};
  model::Credentials who_;
};

}  // namespace rookery::tree
