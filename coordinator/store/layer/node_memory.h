// The nodes in memory: one table of the newest value of each path that is known, the changes that
// the base does not have yet in layers, and the rest clean, to be evicted. Freezing copies nothing:
// a frozen entry that changes again gets a successor in the table, and its layer keeps the old one.
//
// Core executor only; see layer.h for what a flush reads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/acl_pool.h"
#include "coordinator/store/layer/absence_filter.h"
#include "coordinator/store/layer/child_lists.h"
#include "coordinator/store/layer/layer.h"
#include "coordinator/store/layer/path_table.h"
#include "coordinator/store/node_store.h"

namespace rookery::store {

class NodeMemory {
 public:
  explicit NodeMemory(uint64_t hash_seed);
  NodeMemory(const NodeMemory&) = delete;
  NodeMemory& operator=(const NodeMemory&) = delete;

  // --- The present state.
  Found Find(absl::string_view path);
  std::optional<std::vector<std::string>> Children(absl::string_view path);
  void Put(absl::string_view path, Node node);
  void Erase(absl::string_view path);
  void PutRow(absl::string_view key, std::optional<std::string> value);

  // --- Loading. Entries and lists that are pinned stay.
  // The entry of a path, pinned. One that is new is absent if the tree says so, else kLoading.
  Entry* Pin(absl::string_view path);
  // The list of a parent, pinned. One that is new is empty if the tree says so, else loading.
  ChildList* PinList(absl::string_view parent);
  void Unpin(Entry* entry);
  void Unpin(ChildList* list) { --list->pins; }
  // What the base holds for an entry that is kLoading.
  void Fill(Entry* entry, std::optional<Node> node);
  // To be called before the base is read for a list, and with what it returned after.
  uint64_t BeginListLoad();
  void Fill(ChildList* list, NameSet names_in_base);
  void EndListLoad(uint64_t ticket);  // once, after all lists of that load are filled

  // --- Knowing what is absent without asking the base.
  // A new filter hears of every node that is created from now on, ...
  void BeginFilter();
  // ... is told of those that were there (`hash`: PathTable::Hash), ...
  void AddToNextFilter(uint64_t hash) { next_filter_->Add(hash); }
  // ... `nodes_then` in number, and takes the place of the present one.
  void FinishFilter(uint64_t nodes_then);
  void DropFilters();
  const AbsenceFilter* filter() const { return filter_.has_value() ? &*filter_ : nullptr; }
  uint64_t filter_bytes() const;
  // Nodes that exist; nullopt: not counted yet.
  std::optional<uint64_t> nodes_counted() const { return nodes_; }

  // --- Freezing and flushing.
  bool has_changes() const { return !active_->empty(); }
  // All changes become the newest frozen layer.
  std::shared_ptr<Layer> Freeze();
  // All changes join a frozen layer that nobody reads. REQUIRES: it is the newest.
  void FreezeInto(Layer* newest);
  const std::deque<std::shared_ptr<Layer>>& frozen() const { return frozen_; }
  // The oldest frozen layer is visible in the base.
  void Retire();
  // What is left of layers that nobody needs any more; may be dropped by any thread.
  struct Garbage {
    std::vector<Entry*> entries;
    absl::flat_hash_map<std::string, std::optional<std::string>> rows;
    ChildChanges children;
  };
  std::vector<Garbage> TakeGarbage() { return std::exchange(garbage_, {}); }

  // --- Memory.
  // Looks at up to `steps` entries for eviction until no more than `bytes_max` are clean. True:
  // that is reached.
  bool Evict(uint64_t bytes_max, size_t steps);
  uint64_t active_bytes() const { return active_->bytes; }
  uint64_t frozen_bytes() const { return frozen_bytes_; }
  uint64_t clean_bytes() const { return clean_bytes_ + lists_.bytes(); }
  // Up to here the base has everything.
  uint64_t retired_generation() const { return retired_generation_; }
  // After so many steps of Evict each entry was looked at once.
  size_t evict_turn_steps() const { return table_.turn_steps(); }

 private:
  // Whether the tree alone proves that `path`, which has no entry, is absent.
  bool ImpliedAbsent(absl::string_view path);
  bool IsFrozen(const Entry& entry) const {
    return entry.generation > retired_generation_ && entry.generation != active_->generation;
  }
  // The entry of the active layer for the path of `entry`, its bytes not counted.
  Entry* Writable(Entry* entry);
  Entry* Supersede(Entry* frozen);
  void ChildChanged(Entry* entry);
  void CountNode(absl::string_view path, bool created);
  void SetNode(Entry* entry, EntryState state, Node node);
  // Up to here the base has everything, as of the begin of every list load that runs: their layers
  // are not needed any more, and their entries may be evicted.
  uint64_t SettledGeneration() const;
  void DropRetained();

  PathTable table_;
  AclPool acls_;
  ChildLists lists_;
  std::unique_ptr<Layer> active_;
  std::deque<std::shared_ptr<Layer>> frozen_;    // oldest first
  std::deque<std::shared_ptr<Layer>> retained_;  // in the base, kept for list loads; oldest first
  std::vector<Garbage> garbage_;
  std::multiset<uint64_t> list_loads_;              // retired_generation_ at their begin
  absl::flat_hash_map<Entry*, Entry*> successors_;  // of superseded entries that are pinned
  std::optional<AbsenceFilter> filter_;             // of all nodes there are
  std::optional<AbsenceFilter> next_filter_;        // being filled
  std::optional<uint64_t> nodes_;
  int64_t nodes_created_ = 0;        // less the erased ones, since BeginFilter
  uint64_t retired_generation_ = 0;  // up to here the base has everything
  uint64_t frozen_bytes_ = 0;
  uint64_t clean_bytes_ = 0;  // entries; lists count their own
};

}  // namespace rookery::store
