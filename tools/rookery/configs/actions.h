// What `rookery configs` does to the tree.
#pragma once

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/plan.h"
#include "tools/rookery/configs/entity.h"

namespace rookery::tools::configs {

// NotFound: a topic that does not exist; otherwise as PlanAlterConfig and RunPlan say.
absl::Status Alter(client::BlockingClient& client, const kafka::AlterConfig& command);

using EntityConfig = std::pair<kafka::ConfigEntity, kafka::ConfigMap>;

// The entities that `choice` means. One that was named in full is told of in any case, others if
// they have a configuration. Users without a client in `choice` bring their own configuration only.
absl::StatusOr<std::vector<EntityConfig>> Describe(client::BlockingClient& client,
                                                   const EntityChoice& choice);

}  // namespace rookery::tools::configs
