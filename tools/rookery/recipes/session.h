// The session of a tool that holds something, and when it must be given up for lost.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/client/blocking.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools::recipes {

// A client whose requests wait for ever, since a recipe ends with the session only. Errors as
// OpenBlockingClient().
absl::StatusOr<std::unique_ptr<client::BlockingClient>> Open(const GlobalOptions& global,
                                                             int session_timeout_ms);

}  // namespace rookery::tools::recipes
