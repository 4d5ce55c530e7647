// Runs the plans of coordinator/kafka against the tree.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/plan.h"

namespace rookery::tools::metadata {

// Reads what it needs and plans; called again when somebody else was faster.
using MakePlan = absl::FunctionRef<absl::StatusOr<kafka::Plan>()>;

// Plans and sends the plan as one multi, anew after BadVersion, NodeExists, NoNode and NotEmpty,
// up to ten times; a plan without parts is done. The planner's own error is handed on. Aborted:
// others were faster every time; Unavailable: the answer was lost, and the message says whether the
// change may have happened.
absl::Status RunPlan(client::BlockingClient& client, MakePlan make_plan);

}  // namespace rookery::tools::metadata
