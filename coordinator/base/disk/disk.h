// The calls by which a server changes bytes and names on its disk: a seam, so that a test can stand
// in between and lose or tear what was not synced. Reading goes past it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery {

// An open file. One thread at a time.
class DiskFile {
 public:
  virtual ~DiskFile() = default;
  // Writes all of it, growing the file if needed.
  virtual absl::Status WriteAt(uint64_t offset, absl::string_view bytes) = 0;
  virtual absl::Status Truncate(uint64_t size) = 0;
  // The bytes are durable; the file's name is not, before its directory is synced.
  virtual absl::Status Sync() = 0;
};

// Errors: NotFound, ResourceExhausted (no space), otherwise Unavailable, each with the path and the
// system's reason. Any thread.
class Disk {
 public:
  virtual ~Disk() = default;
  // Makes the file if it is missing; the directory must be there.
  virtual absl::StatusOr<std::unique_ptr<DiskFile>> Open(const std::string& path) = 0;
  // OK if it is there already. Not durable before the directory around it is synced.
  virtual absl::Status MakeDirectory(const std::string& path) = 0;
  // Makes the names in a directory durable, and what is gone from it.
  virtual absl::Status SyncDirectory(const std::string& path) = 0;
  // A file (replacing one of that name) or a directory, in one step that is not durable before the
  // directories of both names are synced.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  // A file, or a directory with everything in it; OK if there is none.
  virtual absl::Status Remove(const std::string& path) = 0;
};

// The system's.
Disk& RealDisk();

// --- In terms of it.

// Makes `path` and the directories around it that are missing, each durable in its own.
absl::Status MakeDirectoriesDurably(Disk& disk, const std::string& path);
// A new file, or new contents as a whole, durable: written beside, synced, renamed, and the
// directory synced. After a crash the file is the old one or the new one.
absl::Status ReplaceFileDurably(Disk& disk, const std::string& path, absl::string_view bytes);
// Makes a file that somebody else wrote durable; its name is not.
absl::Status SyncFile(Disk& disk, const std::string& path);

}  // namespace rookery
