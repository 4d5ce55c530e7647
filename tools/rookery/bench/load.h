// Load on a server: many requests in flight on many connections, and how long each took.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/base/network.h"
#include "tools/rookery/bench/histogram.h"
#include "tools/rookery/bench/request_template.h"

namespace rookery::tools::bench {

struct LoadOptions {
  std::vector<Address> servers;  // connections are dealt to them in turn
  Op op = Op::kSet;
  int connections = 1;
  int inflight = 1;  // per connection
  int threads = 1;
  double seconds = 5;         // how long is measured, if count is 0
  uint64_t count = 0;         // how many are measured, until all are answered
  double warmup_seconds = 0;  // load before measuring; without a count only
  size_t size = 100;          // bytes of data
  uint64_t keys = 1000;       // set and get: over how many nodes
  uint64_t first_key = 0;     // create: the number of the first node
  KeySpace space;
  int32_t session_timeout_ms = 30000;
  std::set<int32_t> expected_errors;  // codes that are no failures
};

struct LoadResult {
  uint64_t operations = 0;  // answered Ok, or with an expected error, while measured
  double seconds = 0;       // measured
  Histogram latency_ns;
  std::map<int32_t, uint64_t> errors;  // by code, unexpected ones
  double OperationsPerSecond() const { return seconds > 0 ? operations / seconds : 0; }
};

// Creates root (and what it lies below), parents and, for set and get, every key, and waits until
// every server has them. Existing ones stay.
absl::Status Prepare(const LoadOptions& options);
// Unavailable: a connection could not be made or was lost.
absl::StatusOr<LoadResult> RunLoad(const LoadOptions& options);

}  // namespace rookery::tools::bench
