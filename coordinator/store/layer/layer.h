// The changes between two freezes: the active layer, which grows, and the frozen ones, which wait
// for their flush (DESIGN section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "coordinator/store/layer/child_changes.h"
#include "coordinator/store/layer/entry.h"

namespace rookery::store {

// Core executor only; a flush reads `entries` (with what entry.h allows) and `rows` of a frozen
// one.
struct Layer {
  explicit Layer(uint64_t number) : generation(number) {}
  // Frees the superseded entries that nobody pins.
  ~Layer();
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  bool empty() const { return entries.empty() && rows.empty(); }

  // Later layers have higher ones. Invariant: entries of a frozen layer have a generation in
  // (the one of the layer before, this one].
  uint64_t generation;
  // Each changed path once, or more often after absorbing (then the highest generation counts).
  std::vector<Entry*> entries;
  absl::flat_hash_map<std::string, std::optional<std::string>> rows;  // nullopt: erased
  ChildChanges children;
  uint64_t bytes = 0;      // of entries and rows
  uint64_t row_bytes = 0;  // of rows
  // Entries that a newer layer has replaced in the table; owned.
  std::vector<Entry*> superseded;
  uint64_t superseded_bytes = 0;
};

}  // namespace rookery::store
