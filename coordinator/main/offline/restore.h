// A data directory made of a backup, for a lone server or for every founder of a new ensemble
// (docs/adr: what a restore brings back).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/main/offline/backup.h"

namespace rookery::offline {

// How far epoch and session ids are moved on: further than an ensemble gets between a backup and
// its restore, so that no zxid and no session id that a client may have seen is given again or
// lies ahead.
inline constexpr uint32_t kEpochsAhead = 1 << 16;
inline constexpr int64_t kSessionsAhead = int64_t{1} << 40;

struct Restored {
  uint64_t nodes = 0;
  int64_t zxid = 0;
  uint64_t digest = 0;              // as the word `hash` of the started server shows it
  uint64_t sessions_ended = 0;      // of the backup
  uint64_t ephemerals_removed = 0;  // with them
};

// The same for the same backup, on every machine. `data_dir` is missing, holds nothing but `myid`,
// or a restore that did not end, which is begun anew; anything else is FailedPrecondition.
// `log_directory` must hold no log. Interrupted, it leaves a directory that no server starts on.
// `tell` gets lines for people about long steps.
absl::StatusOr<Restored> Restore(const std::string& backup_directory, const std::string& data_dir,
                                 const std::string& log_directory,
                                 const std::function<void(const std::string&)>& tell);

}  // namespace rookery::offline
