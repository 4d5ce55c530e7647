#include "coordinator/store/layer/flush_writer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "coordinator/base/status_macros.h"
#include "coordinator/model/path.h"
#include "coordinator/store/keys.h"
#include "coordinator/store/node_codec.h"

namespace rookery::store {
namespace {

struct Item {
  uint32_t depth;
  const Entry* entry;
};

// In the order of keys; the newest of a path first.
std::vector<Item> SortedEntries(const std::vector<std::shared_ptr<Layer>>& layers) {
  std::vector<Item> items;
  size_t count = 0;
  for (const auto& layer : layers) count += layer->entries.size();
  items.reserve(count);
  for (const auto& layer : layers) {
    for (const Entry* entry : layer->entries) {
      items.push_back({model::PathDepth(entry->path()), entry});
    }
  }
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    if (a.depth != b.depth) return a.depth < b.depth;
    const int order = a.entry->path().compare(b.entry->path());
    return order != 0 ? order < 0 : a.entry->generation > b.entry->generation;
  });
  return items;
}

absl::Status WriteNodes(const std::vector<Item>& items, Base::Batch* batch) {
  std::string value;
  for (size_t i = 0; i < items.size();) {
    const Entry& newest = *items[i].entry;
    const absl::string_view path = newest.path();
    // What came and went without the base ever seeing it leaves nothing there. The oldest, which
    // comes last, knows what the base holds.
    bool base_has_it = false;
    for (; i < items.size() && items[i].entry->path() == path; ++i) {
      base_has_it = items[i].entry->below_present;
    }
    if (newest.state == EntryState::kPresent) {
      value.clear();
      EncodeNode(newest.node, &value);
      ROOKERY_RETURN_IF_ERROR(batch->Put(NodeKey(path), value));
    } else if (base_has_it) {
      ROOKERY_RETURN_IF_ERROR(batch->Delete(NodeKey(path)));
    }
  }
  return absl::OkStatus();
}

absl::Status WriteRows(const std::vector<std::shared_ptr<Layer>>& layers, Base::Batch* batch) {
  std::map<absl::string_view, const std::optional<std::string>*> rows;
  for (const auto& layer : layers) {
    for (const auto& [name, value] : layer->rows) rows[name] = &value;
  }
  for (const auto& [name, value] : rows) {
    ROOKERY_RETURN_IF_ERROR(value->has_value() ? batch->Put(RowKey(name), **value)
                                               : batch->Delete(RowKey(name)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteLayers(const std::vector<std::shared_ptr<Layer>>& layers, Base* base) {
  const std::vector<Item> items = SortedEntries(layers);
  const std::unique_ptr<Base::Batch> batch = base->NewBatch();
  ROOKERY_RETURN_IF_ERROR(WriteNodes(items, batch.get()));
  ROOKERY_RETURN_IF_ERROR(WriteRows(layers, batch.get()));
  return batch->Commit();
}

}  // namespace rookery::store
