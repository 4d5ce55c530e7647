// An exclusive lock: one holder at a time, in the order of asking; a release wakes one waiter.
//
//   PATH
//   +- _c_..-lock-0000000007   the holder's; ephemeral, data: its identifier
//   +- _c_..-lock-0000000008   waits for 7
//   +- _c_..-lock-0000000009   waits for 8
//
// Guarantees. While the session lives nobody else holds it, over reconnects, changes of the server
// and of the leader. A session that ends gives it to the next: a holder whose process was paused
// longer than its session's timeout may go on without knowing for a moment that somebody else
// holds it, and no lock of any kind can prevent that: so pass the token on to what the lock
// protects, which refuses older ones. Not reentrant; fair.
//
// Interoperates with Curator's InterProcessMutex, and by NameStyle::kKazoo with kazoo's Lock.
#pragma once

#include <string>

#include "coordinator/client/recipes/contention/holder.h"

namespace rookery::client::recipes {

class Lock final : public Holder {
 public:
  Lock(Client* client, std::string path, HolderOptions options = HolderOptions());
};

}  // namespace rookery::client::recipes
