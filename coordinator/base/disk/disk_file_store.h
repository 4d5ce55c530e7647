// The file store on a real directory.
#pragma once

#include <memory>
#include <string>

#include "coordinator/base/disk/disk.h"
#include "coordinator/base/file_store.h"

namespace rookery {

// Makes the directory if it is missing, and the names in it durable: a process that died may have
// left a file that the next power failure would take back. Unavailable, with the system's reason,
// if it cannot be used. `disk` outlives the store; null: the system's.
absl::StatusOr<std::unique_ptr<FileStore>> OpenFileStore(std::string directory,
                                                         Disk* disk = nullptr);

}  // namespace rookery
