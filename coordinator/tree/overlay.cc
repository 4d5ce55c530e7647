#include "coordinator/tree/overlay.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"

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

std::optional<Usage> Overlay::UsageBelow(absl::string_view path, size_t nodes_max) {
  const auto count = [](const store::Node& node, int64_t sign, Usage* usage) {
    usage->nodes += sign;
    if (node.data.has_value()) usage->bytes += sign * static_cast<int64_t>(node.data->size());
  };
  Usage usage;
  store::LoadSet missing;
  size_t seen = 0;
  // A stack of our own: a path may have hundreds of thousands of parts.
  std::vector<std::string> below = {std::string(path)};
  while (!below.empty()) {
    const std::string next = std::move(below.back());
    below.pop_back();
    const store::Found found = base_->Find(next);
    if (found.presence == store::Presence::kUnknown) missing.nodes.push_back(next);
    if (found.presence != store::Presence::kAbsent) ++seen;
    // Each name in a list is a node, in memory or not.
    if (seen + below.size() > nodes_max) return std::nullopt;
    if (found.node == nullptr) continue;
    count(*found.node, 1, &usage);
    if (found.node->num_children == 0) continue;
    const std::optional<std::vector<std::string>> names = base_->Children(next);
    if (!names.has_value()) {
      missing.child_lists.push_back(next);
      continue;
    }
    for (const std::string& name : *names) below.push_back(model::ChildPath(next, name));
  }
  std::move(missing.nodes.begin(), missing.nodes.end(), std::back_inserter(missing_.nodes));
  std::move(missing.child_lists.begin(), missing.child_lists.end(),
            std::back_inserter(missing_.child_lists));
  const std::string prefix = path == "/" ? "/" : absl::StrCat(path, "/");
  for (const Entry& entry : entries_) {
    if (entry.path != path && !absl::StartsWith(entry.path, prefix)) continue;
    if (const store::Node* before = base_->Find(entry.path).node) count(*before, -1, &usage);
    if (entry.present) count(entry.node, 1, &usage);
  }
  return usage;
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
