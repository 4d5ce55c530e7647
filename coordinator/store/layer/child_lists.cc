#include "coordinator/store/layer/child_lists.h"

#include <utility>

namespace rookery::store {
namespace {

constexpr uint64_t kListBytes = 256;      // of an empty list
constexpr uint64_t kInlineCapacity = 15;  // of std::string

uint64_t BytesOf(absl::string_view name) {
  // A place in the tree's nodes, which are about three quarters full, and the text.
  return sizeof(std::string) * 4 / 3 + (name.size() > kInlineCapacity ? name.size() + 17 : 0);
}

}  // namespace

uint64_t BytesOf(const NameSet& names) {
  uint64_t bytes = kListBytes;
  for (const std::string& name : names) bytes += BytesOf(absl::string_view(name));
  return bytes;
}

ChildList* ChildLists::Find(absl::string_view parent) {
  if (lists_.empty()) return nullptr;
  const auto place = lists_.find(parent);
  if (place == lists_.end()) return nullptr;
  ChildList* list = place->second.get();
  uses_.splice(uses_.begin(), uses_, list->use);
  return list;
}

ChildList* ChildLists::Add(absl::string_view parent) {
  auto list = std::make_unique<ChildList>();
  ChildList* added = list.get();
  added->parent = std::string(parent);
  uses_.push_front(added);
  added->use = uses_.begin();
  lists_.emplace(added->parent, std::move(list));
  return added;
}

void ChildLists::Fill(ChildList* list, NameSet names) {
  list->names = std::move(names);
  list->bytes = BytesOf(list->names);
  list->loading = false;
  bytes_ += list->bytes;
}

void ChildLists::Update(absl::string_view parent, absl::string_view name, bool present) {
  if (lists_.empty()) return;
  const auto place = lists_.find(parent);
  if (place == lists_.end() || place->second->loading) return;
  ChildList& list = *place->second;
  const uint64_t bytes = BytesOf(name);
  if (present && list.names.emplace(name).second) {
    list.bytes += bytes;
    bytes_ += bytes;
  } else if (!present && list.names.erase(name) > 0) {
    list.bytes -= bytes;
    bytes_ -= bytes;
  }
}

bool ChildLists::EvictOne() {
  for (auto use = uses_.rbegin(); use != uses_.rend(); ++use) {
    ChildList* list = *use;
    if (list->pins > 0 || list->loading) continue;
    bytes_ -= list->bytes;
    uses_.erase(list->use);
    lists_.erase(std::string(list->parent));
    return true;
  }
  return false;
}

}  // namespace rookery::store
