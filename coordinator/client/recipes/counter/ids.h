// Ids that are never given twice, taken in blocks, so that most cost no request: as Kafka's brokers
// take producer ids.
//
//   PATH   data: the first id that nobody has taken, in decimal
//
// Guarantees. No id is given twice, whatever is lost, crashes or expires; ids of one taker rise.
// Some are never given: the rest of a block is lost with its taker, and a block whose answer was
// lost is left out.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/client/recipes/counter/counter.h"

namespace rookery::client::recipes {

// Lives on the client's executor, and ends before the client.
class Ids {
 public:
  // REQUIRES: block > 0.
  Ids(Client* client, std::string path, int64_t block, model::Acl acl = *model::OpenAcl());

  // The next one. OutOfRange: there are no more.
  Async<absl::StatusOr<int64_t>> Next();

 private:
  Counter counter_;
  const int64_t block_;
  int64_t next_ = 0;
  int64_t end_ = 0;  // of the block that we have
};

}  // namespace rookery::client::recipes
