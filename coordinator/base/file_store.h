// Small files of a server's own (disk id, last durable entry) with explicit sync: an edge, so that
// the simulator can lose or tear what was not synced.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery {

// One directory. Names are plain file names. Any thread, one at a time per file.
class FileStore {
 public:
  virtual ~FileStore() = default;
  // NotFound when there is no such file.
  virtual absl::StatusOr<std::string> Read(absl::string_view name) = 0;
  // Replaces the file as a whole and makes it durable (write beside, fsync, rename, fsync
  // directory).
  virtual absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) = 0;
  // Overwrites `bytes` at `offset` in place, growing the file if needed, without a sync.
  virtual absl::Status WriteAt(absl::string_view name, uint64_t offset,
                               absl::string_view bytes) = 0;
};

}  // namespace rookery
