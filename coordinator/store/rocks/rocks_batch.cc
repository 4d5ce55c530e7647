#include "coordinator/store/rocks/rocks_batch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::store {
namespace {

rocksdb::Slice SliceOf(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

RocksBatch::RocksBatch(std::shared_ptr<RocksDatabase> database, uint64_t number,
                       uint64_t file_bytes_max)
    : database_(std::move(database)), number_(number), file_bytes_max_(file_bytes_max) {}

RocksBatch::~RocksBatch() {
  writer_.reset();
  // What stays is removed at the next start.
  for (const std::string& file : files_) database_->disk().Remove(file).IgnoreError();
}

absl::Status RocksBatch::Ready() {
  if (writer_ != nullptr && writer_->FileSize() >= file_bytes_max_) {
    ROOKERY_RETURN_IF_ERROR(FinishFile());
  }
  if (writer_ != nullptr) return absl::OkStatus();
  rocksdb::DB& db = database_->db();
  // Most of it is compacted soon, and compressed then.
  rocksdb::Options options = db.GetOptions();
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kDisableCompressionOption;
  writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), options,
                                                     db.DefaultColumnFamily(),
                                                     /*invalidate_page_cache=*/false);
  files_.push_back(absl::StrCat(database_->IngestPath(), "/", number_, "-", files_.size(), ".sst"));
  return ToStatus(writer_->Open(files_.back()), "open", files_.back());
}

absl::Status RocksBatch::FinishFile() {
  // Synced: what was ingested must be there after a power failure.
  const rocksdb::Status status = writer_->Finish();
  writer_.reset();
  return ToStatus(status, "finish", files_.back());
}

absl::Status RocksBatch::Put(absl::string_view key, absl::string_view value) {
  ROOKERY_RETURN_IF_ERROR(Ready());
  return ToStatus(writer_->Put(SliceOf(key), SliceOf(value)), "write", files_.back());
}

absl::Status RocksBatch::Delete(absl::string_view key) {
  ROOKERY_RETURN_IF_ERROR(Ready());
  return ToStatus(writer_->Delete(SliceOf(key)), "write", files_.back());
}

absl::Status RocksBatch::Commit() {
  // A file without a key would fail to finish; here every open file has one.
  if (writer_ != nullptr) ROOKERY_RETURN_IF_ERROR(FinishFile());
  if (files_.empty()) return absl::OkStatus();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;  // files stay as they were written and synced
  options.snapshot_consistency = true;
  options.allow_global_seqno = true;
  options.allow_blocking_flush = true;  // of a memtable that is empty
  return ToStatus(database_->db().IngestExternalFile(files_, options), "ingest into",
                  database_->path());
}

}  // namespace rookery::store
