// What each request of MetadataService's writes plans. InvalidArgument names what is wrong with the
// request itself.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/base/random.h"
#include "coordinator/frontend/metadata/plan_run.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

// `random` outlives the plan, and belongs to the core executor.
absl::StatusOr<MakePlan> PlanOf(const v1::CreateTopicRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::AddPartitionsRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::DeleteTopicRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::AlterConfigRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::AlterQuotaRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::AlterAclsRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::ReassignPartitionsRequest& request, Random* random);
absl::StatusOr<MakePlan> PlanOf(const v1::ElectPreferredLeadersRequest& request, Random* random);

}  // namespace rookery::frontend
