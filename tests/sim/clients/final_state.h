// How a server stands at the end of a run.
#pragma once

#include <cstdint>
#include <functional>

#include "coordinator/machine/machine.h"
#include "coordinator/service/service.h"
#include "tests/sim/history/history.h"

namespace rookery::sim {

// On the server's executor; `done` comes in a later task, unless the server ends before. What the
// server cannot read of its own state is an error.
void ReadFinalState(uint32_t server, service::Service* service, const machine::Machine* machine,
                    std::function<void(absl::StatusOr<FinalState>)> done);

}  // namespace rookery::sim
