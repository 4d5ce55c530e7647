// Reads everything that a stopped server left on its disk, and changes nothing.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "coordinator/main/offline/findings.h"

namespace rookery::offline {

// What a state is, once verified.
struct StateFacts {
  uint64_t applied_index = 0;
  uint64_t applied_term = 0;
  int64_t zxid = 0;
  uint64_t digest = 0;  // as the word `hash` shows it
  uint64_t nodes = 0;
};

// One state directory, checkpoint or backup's state: every file, then the digest over all nodes.
// Returns what was found as far as it could be read.
StateFacts VerifyState(const std::string& directory, Findings* findings);

// A whole data directory: identity, durable mark, log, and the state that the log names, and
// whether they fit together. FailedPrecondition: a server has it open, or it holds nothing of ours.
absl::Status VerifyDataDirectory(const std::string& data_dir, const std::string& log_directory,
                                 Findings* findings, StateFacts* facts);

}  // namespace rookery::offline
