// The part of NodeMemory that knows absence by its filters.
#include <utility>

#include "coordinator/store/layer/node_memory.h"

namespace rookery::store {

void NodeMemory::BeginFilter() {
  next_filter_.emplace();
  nodes_created_ = 0;
}

void NodeMemory::FinishFilter(uint64_t nodes_then) {
  filter_ = std::exchange(next_filter_, std::nullopt);
  nodes_ = nodes_then + nodes_created_;
}

void NodeMemory::DropFilters() {
  filter_.reset();
  next_filter_.reset();
}

uint64_t NodeMemory::filter_bytes() const {
  return (filter_.has_value() ? filter_->bytes() : 0) +
         (next_filter_.has_value() ? next_filter_->bytes() : 0);
}

void NodeMemory::CountNode(absl::string_view path, bool created) {
  if (created && (filter_.has_value() || next_filter_.has_value())) {
    const uint64_t hash = table_.Hash(path);
    if (filter_.has_value()) filter_->Add(hash);
    if (next_filter_.has_value()) next_filter_->Add(hash);
  }
  const int change = created ? 1 : -1;
  nodes_created_ += change;
  if (nodes_.has_value()) *nodes_ += change;
}

}  // namespace rookery::store
