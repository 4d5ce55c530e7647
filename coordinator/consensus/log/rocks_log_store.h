// The log in RocksDB: its write-ahead log on, synced once per write.
#pragma once

#include <memory>
#include <string>

#include "coordinator/base/disk/disk.h"
#include "coordinator/consensus/log/log_store.h"

namespace rocksdb {
class Env;
}

namespace rookery::consensus {

struct RocksLogOptions {
  std::string directory;
  bool sync = true;  // forceSync=no turns it off: then power failures lose acknowledged writes
  uint64_t memtable_bytes = 32u << 20;
  // For tests that lose what was not synced; null: the system's. Both outlive the store.
  Disk* disk = nullptr;
  rocksdb::Env* env = nullptr;
};

// Opens or makes the directory. AlreadyExists: another process uses it. FailedPrecondition: an
// unknown format, by number.
absl::StatusOr<std::unique_ptr<LogStore>> OpenRocksLogStore(const RocksLogOptions& options);

// Everything that is stored, without a change to any file. Errors as of OpenRocksLogStore and
// LogStore::Load; every block's checksum is checked. REQUIRES: no process has it open.
absl::StatusOr<LogContents> ReadRocksLog(const std::string& directory);

}  // namespace rookery::consensus
