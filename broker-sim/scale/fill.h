// Writes a large cluster's metadata, as controllers leave it behind.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "broker-sim/async/session.h"
#include "broker-sim/scale/layout.h"

namespace rookery::broker_sim {

// One multi for each topic, so many in flight at a time. Topics that are there already are left
// alone: what was interrupted can be gone on with. `progress` hears the number of topics now and
// then.
Async<absl::Status> FillTree(ScaleSpec spec, Session* session, size_t in_flight,
                             std::function<void(int64_t topics)> progress);

}  // namespace rookery::broker_sim
