// A small file that remembers how far the log was durable, so that a log which lost its end (a
// flipped bit makes RocksDB drop everything after it, in silence) is noticed before it votes or
// acknowledges.
//
// Written after the log's sync and before the acknowledgement, itself unsynced: only a flip
// together with a power failure can slip past (DESIGN section 4).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/consensus/log/log_store.h"

namespace rookery::consensus {

// Compared as (last_term, last_index), so that a truncation by a newer leader is not less once an
// entry of that leader has arrived.
struct DurableMark {
  uint64_t last_term = 0;
  uint64_t last_index = 0;
  uint64_t term = 0;
  uint64_t vote = 0;
  bool operator==(const DurableMark&) const = default;

  // The end of the log before that of `other`.
  bool EndsBefore(const DurableMark& other) const;
};

class DurableMarkFile {
 public:
  static constexpr absl::string_view kName = "durable";

  explicit DurableMarkFile(FileStore* files) : files_(files) {}

  // The newer of the two slots that is whole; zeros if there is no file or neither is.
  absl::StatusOr<DurableMark> Read();
  // OK if every slot that was ever written is whole, which Read does not ask for: a power failure
  // may tear the slot under way. DataLoss names the file.
  absl::Status CheckSlots();
  // Overwrites the older slot.
  absl::Status Write(const DurableMark& mark);
  // Replaces both slots, durably: before a write that takes the end of the log back. A higher mark
  // that outlived that write would say that the log has lost its end.
  absl::Status Lower(const DurableMark& mark);

 private:
  FileStore* const files_;
  uint64_t sequence_ = 0;  // of the slot written last; odd and even go to their own slot
};

// OK if what the log holds is no less than the mark and reaches `applied`. DataLoss names the file
// and the repair.
absl::Status CheckAgainstMark(const LogContents& contents, const DurableMark& mark,
                              uint64_t applied_index, absl::string_view log_directory);

}  // namespace rookery::consensus
