#include "coordinator/tree/overlay.h"

#include <utility>

namespace rookery::tree {
namespace {

// Up to here a look at every entry is cheaper than a hash table.
constexpr size_t kEntriesUnindexed = 8;
constexpr size_t kEntriesUsual = 2;  // a node and its parent

}  // namespace

Overlay::Entry* Overlay::FindEntry(absl::string_view path) {
  if (!index_.empty()) {
    const auto at = index_.find(path);
    return at == index_.end() ? nullptr : &entries_[at->second];
  }
  for (Entry& entry : entries_) {
    if (entry.path == path) return &entry;
  }
  return nullptr;
}

Overlay::Entry* Overlay::EntryFor(absl::string_view path) {
  if (Entry* entry = FindEntry(path)) return entry;
  if (entries_.empty()) entries_.reserve(kEntriesUsual);
  entries_.push_back({.path = std::string(path)});
  if (!index_.empty()) {
    index_.emplace(path, entries_.size() - 1);
  } else if (entries_.size() > kEntriesUnindexed) {
    for (size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].path, i);
  }
  return &entries_.back();
}

const store::Node* Overlay::Find(absl::string_view path) {
  if (const Entry* entry = FindEntry(path)) return entry->present ? &entry->node : nullptr;
  const store::Found found = base_->Find(path);
  if (found.presence == store::Presence::kUnknown) missing_.nodes.emplace_back(path);
  return found.node;
}

std::vector<std::string> Overlay::Children(absl::string_view path) {
  std::optional<std::vector<std::string>> children = base_->Children(path);
  if (children.has_value()) return *std::move(children);
  missing_.child_lists.emplace_back(path);
  return {};
}

void Overlay::Put(absl::string_view path, store::Node node) {
  Entry* entry = EntryFor(path);
  entry->present = true;
  entry->node = std::move(node);
}

void Overlay::Erase(absl::string_view path) {
  Entry* entry = EntryFor(path);
  entry->present = false;
  entry->node = {};
}

void Overlay::Discard() {
  entries_.clear();
  index_.clear();
  changes_.clear();
}

}  // namespace rookery::tree
