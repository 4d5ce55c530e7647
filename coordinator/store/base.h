// The sorted map of bytes on disk under the node layer: an edge (DESIGN section 4). It changes only
// by whole batches that are durable and visible in one step. Implementations: memory/ (tests and
// simulator), rocks/ (RocksDB); both pass tests/unit/store/base_contract.
//
// Everything here blocks. Any thread, unless said otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rookery::store {

class Base {
 public:
  virtual ~Base() = default;

  // The values of `keys`, in their order; nullopt where there is none. Ascending keys are faster.
  virtual absl::Status MultiGet(absl::Span<const std::string> keys,
                                std::vector<std::optional<std::string>>* values) const = 0;

  using Visit = std::function<bool(absl::string_view key, absl::string_view value)>;

  // The map as it was at one time. Outlives the Base that it came from, its replacement too.
  class Snapshot {
   public:
    virtual ~Snapshot() = default;
    // Visits keys in [begin, end) in order until `visit` returns false; an empty end: to the last.
    virtual absl::Status Scan(absl::string_view begin, absl::string_view end,
                              const Visit& visit) const = 0;
  };
  virtual std::shared_ptr<const Snapshot> TakeSnapshot() const = 0;

  // One batch. Dropped without Commit, it leaves nothing behind.
  class Batch {
   public:
    virtual ~Batch() = default;
    // REQUIRES: each key is greater than the one before.
    virtual absl::Status Put(absl::string_view key, absl::string_view value) = 0;
    virtual absl::Status Delete(absl::string_view key) = 0;
    // All of it durable and visible at once, or an error, after which the process must end, and
    // none or all of it is there at the next start.
    virtual absl::Status Commit() = 0;
  };
  // REQUIRES: one batch at a time.
  virtual std::unique_ptr<Batch> NewBatch() = 0;

  // A directory with a copy of the map as it is. AlreadyExists: there is one of that name.
  // REQUIRES: no batch is being committed.
  virtual absl::StatusOr<std::string> Checkpoint(absl::string_view name) = 0;
  // Removes a checkpoint; one that is not there is fine.
  virtual absl::Status DropCheckpoint(absl::string_view name) = 0;

  // What the checkpoint in `directory` holds, wherever it was made; leaves the directory as it is.
  // DataLoss or another error: it cannot be opened. REQUIRES: nobody changes the directory
  // meanwhile.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> OpenToRead(
      const std::string& directory) const = 0;

  // Goes on with the checkpoint in `directory`, which becomes a state directory. Batches from
  // before are void. The old directory stays until RemoveUnnamed. FailedPrecondition names a format
  // that this build does not know; everything is as before then. REQUIRES: no other call runs.
  virtual absl::Status Replace(absl::string_view directory) = 0;

  // The state directory in use, as the log database records it.
  virtual std::string name() const = 0;
  // Removes state directories other than the one in use; those still read go with their last
  // snapshot. REQUIRES: the log database names name().
  virtual absl::Status RemoveUnnamed() = 0;

  // How far the map lags behind in its own housekeeping, and its size.
  struct Health {
    uint64_t level0_files = 0;
    uint64_t compaction_debt_bytes = 0;
    uint64_t bytes = 0;
  };
  virtual Health GetHealth() const = 0;
};

}  // namespace rookery::store
