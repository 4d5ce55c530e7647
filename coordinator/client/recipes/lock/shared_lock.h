// A lock that many may hold for reading, or one for writing, in the order of asking: a reader waits
// for the writers before it, a writer for everybody before it. So a stream of readers starves no
// writer.
//
//   PATH
//   +- _c_..-__READ__0000000003   holds
//   +- _c_..-__READ__0000000004   holds
//   +- _c_..-__WRIT__0000000005   waits for 4
//   +- _c_..-__READ__0000000006   waits for 5
//
// Guarantees as lock.h says, tokens too: a writer's is greater than those of all that held before.
// A reader does not become a writer: release it and ask again.
//
// Interoperates with Curator's InterProcessReadWriteLock, and by NameStyle::kKazoo with kazoo's
// ReadLock and WriteLock.
#pragma once

#include <string>

#include "coordinator/client/recipes/contention/holder.h"

namespace rookery::client::recipes {

enum class SharedLockMode { kRead, kWrite };

class SharedLock final : public Holder {
 public:
  SharedLock(Client* client, std::string path, SharedLockMode mode,
             HolderOptions options = HolderOptions());
};

}  // namespace rookery::client::recipes
