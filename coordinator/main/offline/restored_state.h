// The state of a backup turned into one that an ensemble can be founded with. Private to offline/.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/main/offline/restore.h"
#include "coordinator/store/base.h"

namespace rookery::offline {

// Opens an epoch far ahead, ends all sessions as their expiry would, drops what belongs to the old
// ensemble (tickets, members, configuration, place in its log). `time_ms` stands in the entries.
// Digest and zxid of the result are filled in by the caller, who reads them back.
absl::StatusOr<Restored> MakeFoundable(const std::shared_ptr<store::Base>& base, int64_t time_ms);

}  // namespace rookery::offline
