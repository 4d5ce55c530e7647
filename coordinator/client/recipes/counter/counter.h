// A number that many change: each change is a setData that names the version it read.
//
// Guarantees. An Add that is Ok was applied once. One whose answer was lost with its connection is
// Unknown: it was applied once or not at all, and a caller who must know compares what Get() says,
// or counts something else (counter/ids.h gives ids that never repeat, whatever is lost).
//
// Interoperates by its format with kazoo's Counter (kText), with that and Curator's SharedCount
// (kInt32), and with Curator's DistributedAtomicLong (kInt64).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

enum class CounterFormat {
  kText,   // decimal
  kInt32,  // 4 bytes, big-endian
  kInt64,  // 8 bytes, big-endian
};

struct CounterOptions {
  CounterFormat format = CounterFormat::kText;
  int64_t start = 0;  // what a node that is not there, or is empty, counts as
  model::Acl acl = *model::OpenAcl();
};

// Lives on the client's executor, and ends before the client.
class Counter {
 public:
  struct Value {
    int64_t value = 0;
    int32_t version = 0;  // of the node's data
  };

  Counter(Client* client, std::string path, CounterOptions options = CounterOptions());

  // InvalidArgument: the node holds something else than a number of this format.
  Async<absl::StatusOr<Value>> Get();
  // The value after it. OutOfRange: the format cannot hold it; Unknown: see above.
  Async<absl::StatusOr<Value>> Add(int64_t delta);
  // Sets it if it still has `version`. Aborted: it has not.
  Async<absl::StatusOr<Value>> CompareAndSet(int32_t version, int64_t value);

 private:
  // What `data` says; InvalidArgument.
  absl::StatusOr<int64_t> Decode(const model::Data& data) const;
  absl::StatusOr<std::string> Encode(int64_t value) const;

  const std::string path_;
  const CounterOptions options_;
  Operations operations_;
};

}  // namespace rookery::client::recipes
