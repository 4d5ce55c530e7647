// Runs the plans of coordinator/kafka at the server: reads what a plan looks at, plans, and sends
// its parts as one multi, all as the caller.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/frontend/metadata/node_sources.h"
#include "coordinator/kafka/plan.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

// Computes the plan, whose paths are relative to the root, from nodes of one zxid; called again
// when somebody else was faster.
using MakePlan = std::function<absl::StatusOr<kafka::Plan>(PresentNodes& nodes)>;
// The zxid of the change, 0 if there was nothing to change.
using OnPlanned = absl::AnyInvocable<void(absl::StatusOr<model::Zxid>)>;

struct PlanRules {
  std::string root;
  model::Credentials credentials;
  size_t request_bytes_max = 0;  // jute.maxbuffer
};

// Core executor; `service` outlives the run. Errors are the planner's own, and: NotFound: no
// cluster is there; PermissionDenied: a node refuses the caller, who is told which; Aborted: others
// were faster ten times in a row; ResourceExhausted, Unavailable: as WriteOnce, and a plan that is
// too large.
void RunPlan(service::Service* service, PlanRules rules, MakePlan make_plan, OnPlanned done);

}  // namespace rookery::frontend
