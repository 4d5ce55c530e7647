// One open database. Whoever reads it holds it, so that a replaced one closes, and may be removed,
// after its last reader.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/disk/disk.h"

namespace rookery::store {

// `what` and `path` say what was tried.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view path);

// What lies under a database and its directory. Outlives both.
struct RocksEdges {
  Disk* disk = nullptr;
  rocksdb::Env* env = nullptr;
};

class RocksDatabase {
 public:
  static absl::StatusOr<std::shared_ptr<RocksDatabase>> Open(
      const std::string& path, const std::shared_ptr<rocksdb::Cache>& cache,
      const RocksEdges& edges);
  // Without a change to any file. REQUIRES: no process has it open to write.
  static absl::StatusOr<std::shared_ptr<RocksDatabase>> OpenToRead(const std::string& path);
  // Closes it, and removes it if asked to.
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  rocksdb::DB& db() const { return *db_; }
  Disk& disk() const { return *disk_; }
  const std::string& path() const { return path_; }
  std::string IngestPath() const { return path_ + "/ingest"; }
  void RemoveWhenClosed() { remove_when_closed_ = true; }

 private:
  RocksDatabase(std::string path, std::unique_ptr<rocksdb::DB> db, Disk* disk)
      : path_(std::move(path)), disk_(disk), db_(std::move(db)) {}

  const std::string path_;
  Disk* const disk_;
  std::unique_ptr<rocksdb::DB> db_;
  std::atomic<bool> remove_when_closed_ = false;
};

}  // namespace rookery::store
