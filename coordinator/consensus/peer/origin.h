// Where the first state of a data directory comes from, if not from an empty tree: `rookery
// restore` leaves the file `restored` beside the state that it made. Founders found only with
// servers of the same origin, and the ensemble's id depends on it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/file_store.h"

namespace rookery::consensus {

inline constexpr char kOriginFile[] = "restored";

struct Origin {
  enum class Stage : uint8_t {
    kUnfinished = 1,  // the restore has not ended: nothing here may be served
    kReady = 2,       // the state waits for the founding
    kUsed = 3,        // the log names the state; this is history
  };
  Stage stage = Stage::kUnfinished;
  std::string state_directory;
  uint64_t digest = 0;  // of the restored state, as the word `hash` shows it
  int64_t zxid = 0;     // the last one of it
  bool operator==(const Origin&) const = default;

  // Names the state among servers that found together; never 0, which stands for an empty tree.
  uint64_t Id() const;
};

// NotFound: the directory was never restored into. DataLoss: the file is damaged.
// FailedPrecondition: a newer program wrote it, by number.
absl::StatusOr<Origin> LoadOrigin(FileStore* files);
absl::Status StoreOrigin(FileStore* files, const Origin& origin);

}  // namespace rookery::consensus
