// The base in RocksDB (DESIGN section 4): never written to but by ingesting whole files, so its
// write-ahead log and its memtable stay empty.
//
//   <data_dir>/state-<n>/            a database, and FORMAT
//   <data_dir>/state-<n>/ingest/     files of a batch that is not committed yet
//   <data_dir>/checkpoints/<name>/   plain files: a database (hard links), and FORMAT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/base/disk/disk.h"
#include "coordinator/store/base.h"

namespace rocksdb {
class Env;
}

namespace rookery::store {

struct RocksOptions {
  std::string data_dir;    // exists
  std::string state_name;  // as the log database names it; empty: it names none, a new one is made
  // Blocks, indexes and filters of the tables.
  uint64_t block_cache_bytes = 64 << 20;
  // A batch is split into files of about this size.
  uint64_t file_bytes_max = 16 << 20;
  // For tests that lose what was not synced; null: the system's. Both outlive the base and its
  // snapshots.
  Disk* disk = nullptr;
  rocksdb::Env* env = nullptr;
};

// Removes state directories that are not named and unfinished checkpoints, and opens the named one.
// FailedPrecondition: a format of another version, or another process has it open; NotFound: there
// is no such state; DataLoss: it is damaged.
absl::StatusOr<std::shared_ptr<Base>> OpenRocksBase(const RocksOptions& options);

// A state directory or checkpoint that nobody has open, to be read and left as it is. Errors as of
// OpenRocksBase; every block's checksum is checked as it is read.
absl::StatusOr<std::shared_ptr<const Base::Snapshot>> OpenRocksToRead(const std::string& directory);

}  // namespace rookery::store
