// Recipes of coordination over a client's session (rookery::client::recipes): docs/recipes.md.
#pragma once

#include "coordinator/client/recipes/barrier/barrier.h"             // IWYU pragma: export
#include "coordinator/client/recipes/barrier/double_barrier.h"      // IWYU pragma: export
#include "coordinator/client/recipes/cache/tree_cache.h"            // IWYU pragma: export
#include "coordinator/client/recipes/configuration/subscription.h"  // IWYU pragma: export
#include "coordinator/client/recipes/counter/counter.h"             // IWYU pragma: export
#include "coordinator/client/recipes/counter/ids.h"                 // IWYU pragma: export
#include "coordinator/client/recipes/discovery/registration.h"      // IWYU pragma: export
#include "coordinator/client/recipes/discovery/resolver.h"          // IWYU pragma: export
#include "coordinator/client/recipes/election/election.h"           // IWYU pragma: export
#include "coordinator/client/recipes/lock/lock.h"                   // IWYU pragma: export
#include "coordinator/client/recipes/lock/shared_lock.h"            // IWYU pragma: export
#include "coordinator/client/recipes/membership/group.h"            // IWYU pragma: export
#include "coordinator/client/recipes/queue/confirmed_queue.h"       // IWYU pragma: export
#include "coordinator/client/recipes/queue/queue.h"                 // IWYU pragma: export
#include "rookery/version.h"                                        // IWYU pragma: export
