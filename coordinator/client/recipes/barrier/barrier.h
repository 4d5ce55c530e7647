// A barrier that somebody sets and removes, and others wait at: it stands while its node exists.
//
// Who waits goes on when the node is removed, or when it is not there. The node is persistent: a
// barrier outlives whoever set it. Interoperates with Curator's DistributedBarrier and kazoo's
// Barrier.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
class Barrier {
 public:
  Barrier(Client* client, std::string path, model::Acl acl = *model::OpenAcl());

  // Ok too if it stands already, or is gone already.
  Async<absl::Status> Set();
  Async<absl::Status> Remove();
  // DeadlineExceeded: it still stands after `wait_ms` (negative: no end).
  Async<absl::Status> Wait(int64_t wait_ms);

 private:
  Client* const client_;
  const std::string path_;
  const model::Acl acl_;
  Operations operations_;
};

}  // namespace rookery::client::recipes
