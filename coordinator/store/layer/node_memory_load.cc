// The part of NodeMemory that takes in what the base holds.
#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/base/plant.h"
#include "coordinator/model/path.h"
#include "coordinator/store/layer/node_memory.h"

namespace rookery::store {

Entry* NodeMemory::Pin(absl::string_view path) {
  Entry* entry = table_.Find(path);
  if (entry == nullptr) {
    entry = Entry::New(path);
    // Noted, so that it stays known when the tree stops implying it (a first child is created).
    if (ImpliedAbsent(path)) entry->state = EntryState::kAbsent;
    table_.Insert(entry);
    clean_bytes_ += entry->Bytes();
  }
  ++entry->pins;
  return entry;
}

ChildList* NodeMemory::PinList(absl::string_view parent) {
  ChildList* list = lists_.Find(parent);
  if (list == nullptr) {
    const std::optional<std::vector<std::string>> implied = Children(parent);
    list = lists_.Add(parent);
    if (implied.has_value()) lists_.Fill(list, NameSet(implied->begin(), implied->end()));
  }
  ++list->pins;
  return list;
}

void NodeMemory::Unpin(Entry* entry) {
  while (entry != nullptr && --entry->pins == 0 && entry->superseded) {
    Entry* successor = nullptr;
    if (const auto place = successors_.find(entry); place != successors_.end()) {
      successor = place->second;
      successors_.erase(place);
    }
    if (entry->orphaned) Entry::Delete(entry);
    entry = successor;
  }
}

void NodeMemory::Fill(Entry* entry, std::optional<Node> node) {
  ROOKERY_CHECK(entry->state == EntryState::kLoading);
  clean_bytes_ -= entry->Bytes();
  if (node.has_value()) {
    node->acl = acls_.Intern(std::move(node->acl));
    entry->node = *std::move(node);
    entry->state = EntryState::kPresent;
  } else {
    entry->state = EntryState::kAbsent;
  }
  clean_bytes_ += entry->Bytes();
}

uint64_t NodeMemory::BeginListLoad() {
  list_loads_.insert(retired_generation_);
  return retired_generation_;
}

void NodeMemory::Fill(ChildList* list, NameSet names_in_base) {
  // The base may have shown the layers that were in it by then, or not: applied again, in order,
  // they change nothing.
  const auto apply = [&](const Layer& layer) {
    layer.children.Visit(list->parent, [&](const Entry& entry) {
      const absl::string_view name = model::BaseName(entry.path());
      if (entry.state == EntryState::kPresent) {
        names_in_base.emplace(name);
      } else {
        names_in_base.erase(name);
      }
    });
  };
  if (!ROOKERY_PLANTED(kStaleLoad)) {
    for (const std::shared_ptr<Layer>& layer : retained_) apply(*layer);
  }
  for (const std::shared_ptr<Layer>& layer : frozen_) apply(*layer);
  apply(*active_);
  lists_.Fill(list, std::move(names_in_base));
}

void NodeMemory::EndListLoad(uint64_t ticket) {
  list_loads_.erase(list_loads_.find(ticket));
  DropRetained();
}

}  // namespace rookery::store
