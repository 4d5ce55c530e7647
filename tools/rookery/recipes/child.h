// A command that runs as long as something is held.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "tools/rookery/recipes/signals.h"

namespace rookery::tools::recipes {

using Environment = std::vector<std::pair<std::string, std::string>>;

// Runs `command`, found as a shell finds it, with `environment` beside our own, and waits for its
// end. SIGINT, SIGTERM and SIGHUP are handed on to it. As soon as `wants_end()` says a reason
// (asked at every Wake() of `signals`), it gets SIGTERM, and SIGKILL if it still runs after
// `grace_ms`; the reason goes to standard error. Its exit status, or 128 + the signal that ended
// it, as shells say; it is killed if we are; 127 with a message if it cannot be run.
int RunCommand(Signals* signals, const std::vector<std::string>& command,
               const Environment& environment, int grace_ms,
               absl::FunctionRef<std::string()> wants_end);

}  // namespace rookery::tools::recipes
