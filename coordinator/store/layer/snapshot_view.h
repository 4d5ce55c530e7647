// A view of all nodes over a snapshot of the base.
#pragma once

#include <memory>

#include "coordinator/store/base.h"
#include "coordinator/store/node_store.h"

namespace rookery::store {

class SnapshotView final : public NodeStore::View {
 public:
  explicit SnapshotView(std::shared_ptr<const Base::Snapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  absl::Status Scan(
      absl::string_view root, absl::string_view from_path,
      const std::function<bool(absl::string_view path, const Node& node)>& visit) const override;

 private:
  const std::shared_ptr<const Base::Snapshot> snapshot_;
};

}  // namespace rookery::store
