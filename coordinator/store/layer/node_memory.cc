#include "coordinator/store/layer/node_memory.h"

#include <utility>

#include "coordinator/base/check.h"
#include "coordinator/model/path.h"

namespace rookery::store {
namespace {

// Data that leaves more than this unused is copied into a buffer of its own size.
constexpr size_t kSlackBytesMax = 32;

constexpr uint64_t kRowBytes = 96;  // of a row beside its texts

}  // namespace

NodeMemory::NodeMemory(uint64_t hash_seed)
    : table_(hash_seed), active_(std::make_unique<Layer>(1)) {}

Found NodeMemory::Find(absl::string_view path) {
  const Entry* entry = table_.Find(path);
  if (entry == nullptr) {
    return {ImpliedAbsent(path) ? Presence::kAbsent : Presence::kUnknown, nullptr};
  }
  switch (entry->state) {
    case EntryState::kPresent:
      return {Presence::kPresent, &entry->node};
    case EntryState::kAbsent:
      return {Presence::kAbsent, nullptr};
    case EntryState::kLoading:
      break;
  }
  return {};
}

bool NodeMemory::ImpliedAbsent(absl::string_view path) {
  if (filter_.has_value() && !filter_->MayContain(table_.Hash(path))) return true;
  if (path.size() <= 1) return false;
  const absl::string_view parent_path = model::ParentPath(path);
  if (const Entry* parent = table_.Find(parent_path)) {
    if (parent->state == EntryState::kAbsent) return true;
    if (parent->state == EntryState::kPresent && parent->node.num_children == 0) return true;
  }
  const ChildList* list = lists_.Find(parent_path);
  return list != nullptr && !list->loading && !list->names.contains(model::BaseName(path));
}

std::optional<std::vector<std::string>> NodeMemory::Children(absl::string_view path) {
  const ChildList* list = lists_.Find(path);
  if (list != nullptr && !list->loading) {
    return std::vector<std::string>(list->names.begin(), list->names.end());
  }
  const Found found = Find(path);
  if (found.presence == Presence::kAbsent ||
      (found.presence == Presence::kPresent && found.node->num_children == 0)) {
    return std::vector<std::string>();
  }
  return std::nullopt;
}

void NodeMemory::Put(absl::string_view path, Node node) {
  node.acl = acls_.Intern(std::move(node.acl));
  if (node.data.has_value() && node.data->capacity() > node.data->size() + kSlackBytesMax) {
    node.data->shrink_to_fit();
  }
  Entry* entry = table_.Find(path);
  if (entry == nullptr) {
    // Not known and yet not unknown to the caller: absent, as the tree implied.
    entry = Entry::New(path);
    entry->state = EntryState::kAbsent;
    table_.Insert(entry);
    clean_bytes_ += entry->Bytes();
  }
  entry = Writable(entry);
  const bool was_absent = entry->state == EntryState::kAbsent;
  SetNode(entry, EntryState::kPresent, std::move(node));
  if (was_absent) ChildChanged(entry);
}

void NodeMemory::Erase(absl::string_view path) {
  Entry* entry = table_.Find(path);
  if (entry == nullptr || entry->state == EntryState::kAbsent) return;
  entry = Writable(entry);
  SetNode(entry, EntryState::kAbsent, Node());
  ChildChanged(entry);
}

void NodeMemory::SetNode(Entry* entry, EntryState state, Node node) {
  entry->state = state;
  entry->node = std::move(node);
  active_->bytes += entry->Bytes();
}

Entry* NodeMemory::Writable(Entry* entry) {
  ROOKERY_CHECK(entry->state != EntryState::kLoading)
      << std::string(entry->path()) << " was changed while unknown";
  if (entry->generation == active_->generation) {
    active_->bytes -= entry->Bytes();
    return entry;
  }
  if (IsFrozen(*entry)) return Supersede(entry);
  clean_bytes_ -= entry->Bytes();
  entry->below_present = entry->state == EntryState::kPresent;
  entry->in_child_changes = false;
  entry->generation = active_->generation;
  active_->entries.push_back(entry);
  return entry;
}

Entry* NodeMemory::Supersede(Entry* frozen) {
  Entry* entry = Entry::New(frozen->path());
  entry->state = frozen->state;
  entry->below_present = frozen->state == EntryState::kPresent;
  entry->generation = active_->generation;
  table_.Replace(frozen, entry);
  active_->entries.push_back(entry);
  frozen->superseded = true;
  if (frozen->pins > 0) {
    successors_[frozen] = entry;
    entry->pins = 1;
  }
  for (const std::shared_ptr<Layer>& layer : frozen_) {
    if (layer->generation < frozen->generation) continue;
    layer->superseded.push_back(frozen);
    layer->superseded_bytes += frozen->Bytes();
    return entry;
  }
  ROOKERY_CHECK(false) << "a frozen entry belongs to no layer";
  return nullptr;
}

void NodeMemory::ChildChanged(Entry* entry) {
  const absl::string_view path = entry->path();
  CountNode(path, entry->state == EntryState::kPresent);
  if (path.size() <= 1) return;
  if (!entry->in_child_changes) {
    active_->children.Add(entry);
    entry->in_child_changes = true;
  }
  lists_.Update(model::ParentPath(path), model::BaseName(path),
                entry->state == EntryState::kPresent);
}

void NodeMemory::PutRow(absl::string_view key, std::optional<std::string> value) {
  const auto bytes_of = [](const std::optional<std::string>& v) { return v ? v->size() : 0; };
  auto [place, added] = active_->rows.try_emplace(key);
  uint64_t more = bytes_of(value) - bytes_of(place->second);  // wraps, and back again in the sum
  if (added) more += key.size() + kRowBytes;
  active_->bytes += more;
  active_->row_bytes += more;
  place->second = std::move(value);
}

std::shared_ptr<Layer> NodeMemory::Freeze() {
  std::shared_ptr<Layer> layer = std::move(active_);
  active_ = std::make_unique<Layer>(layer->generation + 1);
  frozen_bytes_ += layer->bytes;
  frozen_.push_back(layer);
  return layer;
}

void NodeMemory::FreezeInto(Layer* newest) {
  ROOKERY_CHECK(!frozen_.empty() && frozen_.back().get() == newest);
  newest->entries.insert(newest->entries.end(), active_->entries.begin(), active_->entries.end());
  for (auto& [key, value] : active_->rows) newest->rows[key] = std::move(value);
  newest->children.Absorb(std::move(active_->children));
  newest->bytes += active_->bytes;
  newest->row_bytes += active_->row_bytes;
  newest->generation = active_->generation;
  frozen_bytes_ += active_->bytes;
  active_ = std::make_unique<Layer>(newest->generation + 1);
}

void NodeMemory::Retire() {
  std::shared_ptr<Layer> layer = std::move(frozen_.front());
  frozen_.pop_front();
  frozen_bytes_ -= layer->bytes;
  clean_bytes_ += layer->bytes - layer->row_bytes - layer->superseded_bytes;
  retired_generation_ = layer->generation;
  retained_.push_back(std::move(layer));
  DropRetained();
}

uint64_t NodeMemory::SettledGeneration() const {
  return list_loads_.empty() ? retired_generation_ : *list_loads_.begin();
}

void NodeMemory::DropRetained() {
  const uint64_t settled = SettledGeneration();
  while (!retained_.empty() && retained_.front()->generation <= settled) {
    Layer& layer = *retained_.front();
    garbage_.push_back(
        {std::move(layer.entries), std::move(layer.rows), std::move(layer.children)});
    retained_.pop_front();
  }
}

bool NodeMemory::Evict(uint64_t bytes_max, size_t steps) {
  while (clean_bytes() > bytes_max && lists_.bytes() > bytes_max / 2 && lists_.EvictOne()) {
  }
  if (clean_bytes() <= bytes_max) return true;
  const uint64_t settled = SettledGeneration();
  table_.Sweep(steps, [&](const Entry* entry) {
    if (entry->pins > 0 || entry->state == EntryState::kLoading || entry->generation > settled ||
        clean_bytes() <= bytes_max) {
      return false;
    }
    clean_bytes_ -= entry->Bytes();
    return true;
  });
  return clean_bytes() <= bytes_max;
}

}  // namespace rookery::store
