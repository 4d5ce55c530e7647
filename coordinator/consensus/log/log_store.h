// The durable half of consensus: entries, term and vote, and the name of the state directory in
// use. An edge: rocks_log_store.h is the real one, memory_log_store.h the simulator's; both pass
// one contract test suite.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rookery::consensus {

struct HardState {
  uint64_t term = 0;
  uint64_t vote = 0;
  uint64_t commit = 0;
  bool operator==(const HardState&) const = default;
};

struct LogRecord {
  uint64_t index = 0;
  uint64_t term = 0;
  uint32_t kind = 0;  // the engine's: 0 normal, 1 and 2 changes of the configuration
  std::string data;
  std::string context;
  bool operator==(const LogRecord&) const = default;
};

// What the log begins after: a state that stands for all entries up to `index`.
struct LogPosition {
  uint64_t index = 0;
  uint64_t term = 0;
  std::string configuration;    // consensus/members.h EncodeConfiguration, as of index
  std::string state_directory;  // where that state, or a later one, lies
  bool operator==(const LogPosition&) const = default;
};

struct LogWrite {
  std::optional<HardState> hard_state;
  // Replaces the whole log: entries are gone, the log begins after this position.
  std::optional<LogPosition> position;
  // Appended; what the log has from records[0].index on is dropped first.
  std::vector<LogRecord> records;
  bool must_sync = true;  // false: only the commit index moved
};

struct LogContents {
  bool fresh = true;  // nothing was ever written
  HardState hard_state;
  LogPosition position;
  std::vector<LogRecord> records;  // contiguous; may begin before position.index
  uint64_t last_index() const { return records.empty() ? position.index : records.back().index; }
  uint64_t last_term() const { return records.empty() ? position.term : records.back().term; }
};

// One thread at a time.
class LogStore {
 public:
  virtual ~LogStore() = default;

  // Everything that is stored. DataLoss: the log has a hole; FailedPrecondition: a format that this
  // build does not know, by number.
  virtual absl::StatusOr<LogContents> Load() = 0;

  // REQUIRES: Load() has returned OK. Writes all of it in one atomic step, in order, and syncs once
  // if any of it must. After an error nothing may be trusted: the process must end.
  virtual absl::Status Write(const std::vector<LogWrite>& writes) = 0;

  // Records below `keep_from` are no longer needed; Load() does not return them from the next
  // synced write on. Space comes back by and by. REQUIRES: a record `keep_from` exists, so that the
  // log still says where it ends.
  virtual absl::Status Trim(uint64_t keep_from) = 0;
};

}  // namespace rookery::consensus
