// Frozen layers as one batch of the base.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/store/base.h"
#include "coordinator/store/layer/layer.h"

namespace rookery::store {

// Writes the newest value of every node and row in `layers` (oldest first) in one step. Blocks; any
// thread. REQUIRES: the layers are frozen.
absl::Status WriteLayers(const std::vector<std::shared_ptr<Layer>>& layers, Base* base);

}  // namespace rookery::store
