#include "coordinator/store/layer/child_changes.h"

#include <utility>

#include "coordinator/model/path.h"

namespace rookery::store {

void ChildChanges::Add(Entry* entry) {
  const absl::string_view parent = model::ParentPath(entry->path());
  auto place = by_parent_.find(parent);
  if (place == by_parent_.end()) place = by_parent_.emplace(parent, std::vector<Entry*>()).first;
  place->second.push_back(entry);
}

void ChildChanges::Visit(absl::string_view parent,
                         absl::FunctionRef<void(const Entry&)> visit) const {
  const auto place = by_parent_.find(parent);
  if (place == by_parent_.end()) return;
  for (const Entry* entry : place->second) visit(*entry);
}

void ChildChanges::Absorb(ChildChanges newer) {
  for (auto& [parent, entries] : newer.by_parent_) {
    std::vector<Entry*>& mine = by_parent_[parent];
    mine.insert(mine.end(), entries.begin(), entries.end());
  }
}

}  // namespace rookery::store
