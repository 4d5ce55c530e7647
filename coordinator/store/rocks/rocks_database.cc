#include "coordinator/store/rocks/rocks_database.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/store/rocks/state_directories.h"

namespace rookery::store {
namespace {

constexpr int kBloomBitsPerKey = 10;  // one absent key in a hundred costs a look into a block
constexpr size_t kBlockBytes = 4 << 10;
constexpr size_t kReadCacheBytes = 8 << 20;

// RocksDB would begin a new LOG beside the files.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::BlockBasedTableOptions TableOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = kBlockBytes;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  // Within the budget like everything else, but the last to go.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

rocksdb::Options DatabaseOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(cache)));
  // Nothing is written through the memtable.
  options.write_buffer_size = 64 << 10;
  options.avoid_flush_during_shutdown = true;
  // Ingested files come about as fast as they are compacted; the flush planner watches the rest.
  options.level0_file_num_compaction_trigger = 4;
  options.target_file_size_base = 32 << 20;
  options.max_bytes_for_level_base = 128 << 20;
  options.level_compaction_dynamic_level_bytes = true;
  options.max_background_jobs = 2;
  // Upper levels are rewritten soon; below, space counts.
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kLZ4Compression;
  // A start reads no more than it must.
  options.skip_stats_update_on_db_open = true;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1 << 20;
  return options;
}

}  // namespace

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what,
                      absl::string_view path) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(what, " ", path, ": ", status.ToString());
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(text);
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(
        text,
        "; nothing from this directory may be served: move the data directory away and let "
        "the server come back with `rookery ensemble rejoin N`, a lone server needs "
        "`rookery restore`"));
  }
  if (status.IsIOError() && absl::StrContains(status.ToString(), "lock")) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is in use by another process: stop it first (", text, ")"));
  }
  return absl::InternalError(text);
}

absl::StatusOr<std::shared_ptr<RocksDatabase>> RocksDatabase::Open(
    const std::string& path, const std::shared_ptr<rocksdb::Cache>& cache,
    const RocksEdges& edges) {
  ROOKERY_RETURN_IF_ERROR(ReadFormat(path));
  rocksdb::Options options = DatabaseOptions(cache);
  options.env = edges.env;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path, &db);
  ROOKERY_RETURN_IF_ERROR(ToStatus(status, "open", path));
  std::shared_ptr<RocksDatabase> database(
      new RocksDatabase(path, std::unique_ptr<rocksdb::DB>(db), edges.disk));
  ROOKERY_RETURN_IF_ERROR(edges.disk->Remove(database->IngestPath()));
  ROOKERY_RETURN_IF_ERROR(edges.disk->MakeDirectory(database->IngestPath()));
  return database;
}

absl::StatusOr<std::shared_ptr<RocksDatabase>> RocksDatabase::OpenToRead(const std::string& path) {
  ROOKERY_RETURN_IF_ERROR(ReadFormat(path));
  rocksdb::Options options = DatabaseOptions(rocksdb::NewLRUCache(kReadCacheBytes));
  options.create_if_missing = false;
  options.info_log = std::make_shared<SilentLogger>();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &db);
  ROOKERY_RETURN_IF_ERROR(ToStatus(status, "open", path));
  return std::shared_ptr<RocksDatabase>(
      new RocksDatabase(path, std::unique_ptr<rocksdb::DB>(db), &RealDisk()));
}

RocksDatabase::~RocksDatabase() {
  db_.reset();
  if (!remove_when_closed_) return;
  if (const absl::Status status = disk_->Remove(path_); !status.ok()) {
    LogWarn("an old state directory could not be removed; it takes room until the next start",
            {{"error", status.message()}});
  }
}

}  // namespace rookery::store
