// The tree as one request sees it: the present state with the request's own changes on top, which
// are committed as a whole or dropped. A node that is not in memory reads as absent and is noted,
// so that the request can be dropped, the node loaded, and the request run again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/change.h"
#include "coordinator/store/node_store.h"

namespace rookery::tree {

// Nodes, and the bytes of their data.
struct Usage {
  int64_t nodes = 0;
  int64_t bytes = 0;
};

class Overlay {
 public:
  explicit Overlay(const store::NodeStore* base) : base_(base) {}

  // Null: absent, or not in memory (then missed()). Valid until the next change.
  const store::Node* Find(absl::string_view path);
  // Sorted names; empty for an absent node. REQUIRES: no changes were made (lists are read alone).
  std::vector<std::string> Children(absl::string_view path);
  // What there is at `path` and below, own changes included; void if missed(). nullopt: certainly
  // more than `nodes_max` nodes without the own changes, the same wherever they rest.
  std::optional<Usage> UsageBelow(absl::string_view path, size_t nodes_max);

  void Put(absl::string_view path, store::Node node);
  void Erase(absl::string_view path);
  void Add(model::Change change) { changes_.push_back(std::move(change)); }
  // Drops all changes; what was missed stays noted.
  void Discard();

  // True if something was not in memory: what was computed is void.
  bool missed() const { return !missing_.empty(); }
  const store::LoadSet& missing() const { return missing_; }

  struct Entry {
    std::string path;
    bool present = false;  // false: erased
    store::Node node;
  };
  // Every changed path once, in the order of its first change.
  std::vector<Entry>& entries() { return entries_; }
  std::vector<model::Change>& changes() { return changes_; }

 private:
  Entry* FindEntry(absl::string_view path);
  Entry* EntryFor(absl::string_view path);

  const store::NodeStore* base_;
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, size_t> index_;  // of entries_, once there are many
  std::vector<model::Change> changes_;
  store::LoadSet missing_;
};

}  // namespace rookery::tree
