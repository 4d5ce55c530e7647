// The base as a sorted map in memory, for tests and the simulator.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/base.h"
#include "coordinator/store/memory/memory_disk.h"

namespace rookery::store {

// Opens the state that the log database names on `disk`, a new one if `state_name` is empty; states
// that nobody names are removed. NotFound: there is no state of that name.
absl::StatusOr<std::shared_ptr<Base>> CreateMemoryBase(std::shared_ptr<MemoryDisk> disk,
                                                       absl::string_view state_name);

}  // namespace rookery::store
