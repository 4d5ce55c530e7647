// What `rookery lock` and `rookery elect` share: wait for one's turn, run a command while it lasts.
#pragma once

#include <string>
#include <vector>

#include "coordinator/client/blocking.h"
#include "coordinator/client/recipes/contention/holder.h"
#include "tools/rookery/recipes/signals.h"

namespace rookery::tools::recipes {

struct HoldOptions {
  std::vector<std::string> command;
  int64_t wait_ms = -1;  // for one's turn; negative: no end
  int grace_ms = 5000;   // from SIGTERM to SIGKILL
};

// The command gets ROOKERY_TOKEN (the fencing token, in decimal) and ROOKERY_NODE (the node that
// stands for it). It is ended when the hold is lost, and when the connection has been lost for so
// long that the session may be over: others may hold then. `what` names it in messages ("lock").
// The command's status; kExitFailed with a message if it was not to be had, or was lost.
int HoldAndRun(client::BlockingClient* client, client::recipes::Holder* holder, Signals* signals,
               const HoldOptions& options, const std::string& what);

}  // namespace rookery::tools::recipes
