// Directories of plain files, as checkpoints are made, served and received: an edge, real
// (OpenCheckpointFiles) and in memory (memory_checkpoint_files.h, which can lose what was not
// synced).
//
// All methods block: they are called on a background executor, for one directory one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/disk/disk.h"

namespace rookery::consensus {

struct FileSize {
  std::string name;
  uint64_t size = 0;
  bool operator==(const FileSize&) const = default;
};

class CheckpointFiles {
 public:
  virtual ~CheckpointFiles() = default;

  // All directories, by name.
  virtual absl::StatusOr<std::vector<std::string>> Directories() = 0;

  // The files of `directory`, by name. NotFound: no such directory. FailedPrecondition: it holds
  // something else than plain files.
  virtual absl::StatusOr<std::vector<FileSize>> List(const std::string& directory) = 0;

  // Up to `size` bytes at `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> Read(const std::string& directory, const std::string& file,
                                           uint64_t offset, size_t size) = 0;

  // Writes at `offset`, making directory and file as needed. Not durable before Sync.
  virtual absl::Status Write(const std::string& directory, const std::string& file, uint64_t offset,
                             absl::string_view bytes) = 0;
  virtual absl::Status Truncate(const std::string& directory, const std::string& file,
                                uint64_t size) = 0;

  // Makes all files of `directory` and its list of names durable.
  virtual absl::Status Sync(const std::string& directory) = 0;

  // Gives a directory another name, replacing one of that name, durably.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  // Removes a directory and what is in it; OK if there is none.
  virtual absl::Status Remove(const std::string& directory) = 0;

  // Where `directory` lies, for whoever installs it.
  virtual std::string Path(const std::string& directory) const = 0;
};

// A name that is safe as a file or directory name from a stranger: letters, digits, '.', '_', '-',
// not beginning with a dot, at most 200 bytes.
bool IsPlainName(absl::string_view name);

// The file system under `root`, which exists. Names must be plain. `disk` outlives it; null: the
// system's.
std::unique_ptr<CheckpointFiles> OpenCheckpointFiles(std::string root, Disk* disk = nullptr);

}  // namespace rookery::consensus
