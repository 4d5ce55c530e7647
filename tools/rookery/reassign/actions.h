// What `rookery reassign` does with a plan in a file, beside printing one.
#pragma once

#include "absl/status/status.h"
#include "coordinator/client/blocking.h"
#include "tools/rookery/reassign/options.h"

namespace rookery::tools::reassign {

// Each prints what kafka-reassign-partitions prints.
//
// Has the controller do it, with limits first if there is a throttle. FailedPrecondition: it cannot
// be begun now; InvalidArgument: the plan.
absl::Status RunExecute(client::BlockingClient& client, const Options& options);
// How far it is; takes limits off once nothing moves any more. FailedPrecondition: it is not done.
absl::Status RunVerify(client::BlockingClient& client, const Options& options);
absl::Status RunList(client::BlockingClient& client);
// Takes back what the controller has not begun, and the limits. FailedPrecondition: it has begun,
// and only a broker can stop it.
absl::Status RunCancel(client::BlockingClient& client, const Options& options);

}  // namespace rookery::tools::reassign
