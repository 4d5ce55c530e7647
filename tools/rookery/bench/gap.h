// How long writes pause while something is killed: clients that write without rest, and the times
// between acknowledged writes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/client/factory/client_factory.h"

namespace rookery::tools::bench {

struct Gap {
  int64_t begin_wall_ms = 0;  // the last acknowledgement before it, since 1970
  double length_ms = 0;
};

struct GapOptions {
  std::string servers;
  client::Protocol protocol = client::Protocol::kZooKeeper;
  int connections = 8;
  int inflight = 1;  // per connection
  double seconds = 10;
  size_t size = 100;
  double report_ms = 20;  // gaps at least so long are told as they end
  int32_t session_timeout_ms = 10000;
  // Called on the measuring thread for every such gap.
  std::function<void(const Gap&)> on_gap;
};

struct GapResult {
  uint64_t acknowledged = 0;
  uint64_t lost = 0;     // connection loss or timeout: the write may have been applied
  uint64_t refused = 0;  // any other error
  uint64_t disconnects = 0;
  std::map<std::string, uint64_t> disconnects_by_server;  // whom the connection was with
  uint64_t expired_sessions = 0;
  Gap longest;                          // between any two acknowledgements
  double longest_of_one_client_ms = 0;  // between two of the same client
  std::vector<Gap> gaps;                // at least report_ms long, in order
  // Counted by the nodes' versions in every answer and afterwards: a write that was acknowledged
  // and is not there, and one that is there more often than it was sent. Both must be 0.
  uint64_t missing = 0;
  uint64_t doubled = 0;
  bool verified = false;          // false: no server answered afterwards
  std::vector<int64_t> versions;  // of the nodes of all writers afterwards
};

// Every client writes to a node of its own below /bench. A client whose session expires is
// replaced. Afterwards every acknowledged write is looked for. Unavailable: the first connection
// failed.
absl::StatusOr<GapResult> MeasureGap(const GapOptions& options);

}  // namespace rookery::tools::bench
