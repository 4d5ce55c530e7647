// What both queues share: how items are named, put in and found.
//
//   kazoo:    "entry-" 3 digits of priority "-" sequence   (a smaller priority goes first)
//   Curator:  "qn-" sequence                               (SimpleDistributedQueue; no priority)
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/client/recipes/contention/line.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

inline constexpr int kDefaultPriority = 100;

struct QueueOptions {
  NameStyle style = NameStyle::kKazoo;
  model::Acl acl = *model::OpenAcl();
};

// Creates an item below `path`. InvalidArgument: a priority that is not 0 to 999, or any but the
// default with Curator's names; Unknown: the answer was lost, the item is there once or not at all.
Async<absl::Status> PutEntry(Operations* operations, std::string path, QueueOptions options,
                             std::string item, int priority);

// The items among `children`, first come first, and before that by priority.
std::vector<std::string> EntriesInOrder(NameStyle style, const std::vector<std::string>& children);

}  // namespace rookery::client::recipes
