// Leaves out of a failing run's faults all that it fails without.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "tests/sim/run.h"

namespace rookery::sim {

// Only the faults of these places (rising) stay.
RunPlan KeepFaults(const RunPlan& plan, const std::vector<size_t>& kept);

// The places of faults that stay: the run of `plan` fails with them, and passes if any one more is
// left out. `fails` runs a plan; `tell` hears after each try how many are left. REQUIRES:
// fails(plan).
std::vector<size_t> Shrink(const RunPlan& plan, absl::FunctionRef<bool(const RunPlan&)> fails,
                           absl::FunctionRef<void(size_t left)> tell);

}  // namespace rookery::sim
