// A queue of items that are gone once they are taken.
//
//   PATH
//   +- entry-100-0000000007   data: the item
//   +- entry-100-0000000008
//
// Guarantees. An item is taken by one consumer; it is lost with a consumer that dies before it is
// done with it: where that matters use ConfirmedQueue. If the connection is lost while an item is
// being taken, it may be given to two consumers. For a few thousand items and small ones: a queue
// in the coordinator is for coordination, and Kafka is at hand for the rest.
//
// Interoperates with kazoo's Queue, and by NameStyle::kCurator with Curator's
// SimpleDistributedQueue.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/client/recipes/queue/entries.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
class Queue {
 public:
  Queue(Client* client, std::string path, QueueOptions options = QueueOptions());

  // PutEntry() says what it may answer.
  Async<absl::Status> Put(std::string item, int priority = kDefaultPriority);
  // DeadlineExceeded: there was none within `wait_ms` (negative: no end).
  Async<absl::StatusOr<std::string>> Take(int64_t wait_ms);

 private:
  // The first item, NotFound if there is none.
  Async<absl::StatusOr<std::string>> TakeFirst(std::vector<std::string> entries);

  Client* const client_;
  const std::string path_;
  const QueueOptions options_;
  Operations operations_;
};

}  // namespace rookery::client::recipes
