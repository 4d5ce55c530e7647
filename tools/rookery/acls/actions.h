// What `rookery acls` reads from the tree and does to it.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "coordinator/kafka/authorize.h"
#include "coordinator/kafka/plan.h"
#include "tools/rookery/acls/choice.h"

namespace rookery::tools::acls {

// Every resource that one of `filters` means, all if there are none, with its entries.
// InvalidArgument names a node that nobody understands.
absl::StatusOr<kafka::AclsByResource> ReadAcls(client::BlockingClient& client,
                                               const std::vector<ResourceFilter>& filters);

// One change of one resource, brokers told; anew when somebody else was faster.
absl::Status Alter(client::BlockingClient& client, const kafka::AlterAcls& command);

}  // namespace rookery::tools::acls
