// Keys and values (numbers as in base/varint.h; indexes most significant byte first).
// Column family "default":
//   "f"           -> format:varint                                        1
//   "h"           -> term:varint vote:varint commit:varint
//   "p"           -> index:varint term:varint configuration:string state_directory:string
//   "t"           -> keep_from:varint        records below it are trimmed, present or not
// Column family "records", alone, so that each of its files is a stretch of the log and can be
// dropped as one:
//   index:8 bytes -> term:varint kind:varint data:string context:string
#include "coordinator/consensus/log/rocks_log_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"

namespace rookery::consensus {
namespace {

constexpr uint64_t kFormat = 1;
// At most, beside the data and contexts of records.
constexpr size_t kBatchBytesMore = 256;
constexpr size_t kRecordBytesMore = 64;

std::string RecordKey(uint64_t index) {
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(index >> shift));
  return key;
}

uint64_t IndexOf(const rocksdb::Slice& key) {
  uint64_t index = 0;
  for (size_t i = 0; i < key.size(); ++i) index = index << 8 | static_cast<unsigned char>(key[i]);
  return index;
}

absl::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(what, ": ", status.ToString());
  if (status.IsCorruption()) {
    return absl::DataLossError(
        absl::StrCat(text,
                     "; this server may not vote any more: move the data directory away and "
                     "let it come back with `rookery ensemble rejoin N`, a lone server needs "
                     "`rookery restore`"));
  }
  return absl::UnavailableError(text);
}

rocksdb::Options OptionsFor(const RocksLogOptions& options) {
  rocksdb::Options rocks;
  if (options.env != nullptr) rocks.env = options.env;
  rocks.create_if_missing = true;
  rocks.create_missing_column_families = true;
  // The default family is so small that its memtable never fills: flush it for the sake of the
  // write-ahead log.
  rocks.max_total_wal_size = 4 * options.memtable_bytes;
  // Recovers up to the last whole record; the marker file tells whether something is missing then.
  rocks.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocks.write_buffer_size = options.memtable_bytes;
  rocks.max_write_buffer_number = 4;
  rocks.compression = rocksdb::kNoCompression;
  // Entries come in order: flushed files move down without being rewritten.
  rocks.level0_file_num_compaction_trigger = 1;
  rocks.max_background_jobs = 2;
  rocks.max_open_files = 64;
  rocks.keep_log_file_num = 2;
  rocks.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocks.bytes_per_sync = 1u << 20;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;  // read once, at start
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return rocks;
}

// RocksDB would begin a new LOG beside the files.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

struct CloseDatabase {
  rocksdb::ColumnFamilyHandle* records;
  void operator()(rocksdb::DB* db) const {
    db->DestroyColumnFamilyHandle(records).PermitUncheckedError();
    delete db;
  }
};

class RocksLogStore final : public LogStore {
 public:
  RocksLogStore(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* records, bool sync)
      : db_(db, CloseDatabase{records}), records_(records), sync_(sync) {}

  absl::Status CheckFormat() {
    std::string value;
    const rocksdb::Status found = db_->Get(rocksdb::ReadOptions(), "f", &value);
    if (found.IsNotFound()) {
      std::string format;
      PutVarint(kFormat, &format);
      rocksdb::WriteOptions options;
      options.sync = true;
      return ToStatus(db_->Put(options, "f", format), "cannot write the log");
    }
    ROOKERY_RETURN_IF_ERROR(ToStatus(found, "cannot read the log"));
    VarintReader in(value);
    const uint64_t format = in.Varint();
    if (format == kFormat) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("the log in ", db_->GetName(), " has format ",
                                                      format, ", this program knows format ",
                                                      kFormat, ": start it with a newer rookeryd"));
  }

  absl::StatusOr<LogContents> Load() override {
    LogContents contents;
    uint64_t keep_from = 0;
    std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      VarintReader in(View(at->value()));
      const char kind = at->key()[0];
      if (kind == 'h') {
        contents.fresh = false;
        contents.hard_state.term = in.Varint();
        contents.hard_state.vote = in.Varint();
        contents.hard_state.commit = in.Varint();
      } else if (kind == 'p') {
        contents.fresh = false;
        contents.position.index = in.Varint();
        contents.position.term = in.Varint();
        contents.position.configuration = in.String();
        contents.position.state_directory = in.String();
      } else if (kind == 't') {
        keep_from = in.Varint();
      }
      if (kind != 'f' && !in.AtEnd()) return Unreadable(at->key());
    }
    ROOKERY_RETURN_IF_ERROR(ToStatus(at->status(), "cannot read the log"));
    ROOKERY_RETURN_IF_ERROR(LoadRecords(keep_from, &contents.records));
    contents.fresh = contents.fresh && contents.records.empty();
    last_index_ = contents.last_index();
    return contents;
  }

  absl::Status Write(const std::vector<LogWrite>& writes) override {
    size_t bytes = kBatchBytesMore;
    for (const LogWrite& write : writes) {
      for (const LogRecord& record : write.records) {
        bytes += record.data.size() + record.context.size() + kRecordBytesMore;
      }
    }
    rocksdb::WriteBatch batch(bytes);
    bool sync = false;
    for (const LogWrite& write : writes) {
      ROOKERY_RETURN_IF_ERROR(Put(write, &batch));
      sync = sync || write.must_sync;
    }
    if (batch.Count() == 0 && !sync) return absl::OkStatus();
    rocksdb::WriteOptions options;
    options.sync = sync && sync_;
    return ToStatus(db_->Write(options, &batch), "cannot write the log");
  }

  absl::Status Trim(uint64_t keep_from) override {
    const std::string first = RecordKey(0);
    const std::string last = RecordKey(keep_from);
    std::string mark;
    PutVarint(keep_from, &mark);
    rocksdb::WriteBatch batch;
    ROOKERY_RETURN_IF_ERROR(ToStatus(batch.Put("t", mark), "cannot trim the log"));
    ROOKERY_RETURN_IF_ERROR(
        ToStatus(batch.DeleteRange(records_, first, last), "cannot trim the log"));
    // Durable before the files go: which of them may go at once is RocksDB's choice, and without
    // the mark a file that stays before one that went would be a hole.
    rocksdb::WriteOptions options;
    options.sync = sync_;
    ROOKERY_RETURN_IF_ERROR(ToStatus(db_->Write(options, &batch), "cannot trim the log"));
    const rocksdb::Slice from(first), to(last);
    return ToStatus(rocksdb::DeleteFilesInRange(db_.get(), records_, &from, &to, false),
                    "cannot trim the log");
  }

 private:
  absl::Status Unreadable(const rocksdb::Slice& key) const {
    return absl::DataLossError(absl::StrCat("cannot read the record '", key.ToString(true),
                                            "' of the log in ", db_->GetName()));
  }

  absl::Status LoadRecords(uint64_t keep_from, std::vector<LogRecord>* records) {
    std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions(), records_));
    for (at->Seek(RecordKey(keep_from)); at->Valid(); at->Next()) {
      VarintReader in(View(at->value()));
      LogRecord record;
      record.index = IndexOf(at->key());
      record.term = in.Varint();
      record.kind = static_cast<uint32_t>(in.Varint());
      record.data = in.String();
      record.context = in.String();
      if (!in.AtEnd()) return Unreadable(at->key());
      if (!records->empty() && record.index != records->back().index + 1) {
        return absl::DataLossError(absl::StrCat("the log in ", db_->GetName(),
                                                " has a hole between entries ",
                                                records->back().index, " and ", record.index));
      }
      records->push_back(std::move(record));
    }
    return ToStatus(at->status(), "cannot read the log");
  }

  absl::Status Put(const LogWrite& write, rocksdb::WriteBatch* batch) {
    rocksdb::Status status;
    const auto keep = [&status](rocksdb::Status each) {
      if (status.ok()) status = std::move(each);
    };
    std::string value;
    if (write.position.has_value()) {
      PutVarint(write.position->index, &value);
      PutVarint(write.position->term, &value);
      PutString(write.position->configuration, &value);
      PutString(write.position->state_directory, &value);
      keep(batch->Put("p", value));
      keep(batch->DeleteRange(records_, RecordKey(0), RecordKey(UINT64_MAX)));
      last_index_ = write.position->index;
    }
    if (write.hard_state.has_value()) {
      value.clear();
      PutVarint(write.hard_state->term, &value);
      PutVarint(write.hard_state->vote, &value);
      PutVarint(write.hard_state->commit, &value);
      keep(batch->Put("h", value));
    }
    if (!write.records.empty() && write.records.front().index <= last_index_) {
      keep(batch->DeleteRange(records_, RecordKey(write.records.front().index),
                              RecordKey(UINT64_MAX)));
    }
    for (const LogRecord& record : write.records) keep(PutRecord(record, batch));
    if (!write.records.empty()) last_index_ = write.records.back().index;
    return ToStatus(status, "cannot write the log");
  }

  // The data, which is most of it, is copied into the batch and nowhere else.
  rocksdb::Status PutRecord(const LogRecord& record, rocksdb::WriteBatch* batch) {
    std::string before, after;
    PutVarint(record.term, &before);
    PutVarint(record.kind, &before);
    PutVarint(record.data.size(), &before);
    PutString(record.context, &after);
    const std::string key = RecordKey(record.index);
    const rocksdb::Slice key_part(key);
    const rocksdb::Slice value_parts[] = {before, record.data, after};
    return batch->Put(records_, rocksdb::SliceParts(&key_part, 1),
                      rocksdb::SliceParts(value_parts, 3));
  }

  std::unique_ptr<rocksdb::DB, CloseDatabase> db_;
  rocksdb::ColumnFamilyHandle* const records_;
  const bool sync_;
  uint64_t last_index_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LogStore>> OpenRocksLogStore(const RocksLogOptions& options) {
  Disk& disk = options.disk == nullptr ? RealDisk() : *options.disk;
  ROOKERY_RETURN_IF_ERROR(MakeDirectoriesDurably(disk, options.directory));
  const rocksdb::Options rocks = OptionsFor(options);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, rocks}, {"records", rocks}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(rocks, options.directory, families, &handles, &db);
  if (!status.ok()) {
    if (absl::StrContains(status.ToString(), "lock")) {
      return absl::AlreadyExistsError(
          absl::StrCat("another process uses ", options.directory,
                       ": stop it, or give this server its own dataDir (", status.ToString(), ")"));
    }
    return ToStatus(status, absl::StrCat("cannot open the log in ", options.directory));
  }
  db->DestroyColumnFamilyHandle(handles[0]).PermitUncheckedError();
  auto store = std::make_unique<RocksLogStore>(db, handles[1], options.sync);
  ROOKERY_RETURN_IF_ERROR(store->CheckFormat());
  return store;
}

absl::StatusOr<LogContents> ReadRocksLog(const std::string& directory) {
  rocksdb::Options rocks = OptionsFor({.directory = directory});
  rocks.create_if_missing = rocks.create_missing_column_families = false;
  rocks.info_log = std::make_shared<SilentLogger>();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  ROOKERY_RETURN_IF_ERROR(ToStatus(
      rocksdb::DB::OpenForReadOnly(rocks, directory,
                                   {{rocksdb::kDefaultColumnFamilyName, rocks}, {"records", rocks}},
                                   &handles, &db),
      absl::StrCat("cannot open the log in ", directory)));
  db->DestroyColumnFamilyHandle(handles[0]).PermitUncheckedError();
  RocksLogStore store(db, handles[1], /*sync=*/false);
  ROOKERY_RETURN_IF_ERROR(store.CheckFormat());
  return store.Load();
}

}  // namespace rookery::consensus
