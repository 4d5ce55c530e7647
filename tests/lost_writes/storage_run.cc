#include "tests/lost_writes/storage_run.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/log/log_writer.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "coordinator/consensus/raft/raft_consensus.h"
#include "coordinator/store/rocks/rocks_base.h"
#include "tests/lost_writes/journal_disk.h"
#include "tests/lost_writes/journal_file_system.h"

namespace rookery::lost_writes {
namespace {

using consensus::HardState;
using consensus::LogContents;
using consensus::LogPosition;
using consensus::LogRecord;
using consensus::LogWrite;

constexpr size_t kPieceBytes = 3000;

void Must(const absl::Status& status) { ROOKERY_CHECK(status.ok()) << status; }
template <typename T>
T Must(absl::StatusOr<T> value) {
  ROOKERY_CHECK(value.ok()) << value.status();
  return *std::move(value);
}

void Apply(const LogWrite& write, LogContents* log) {
  log->fresh = false;
  if (write.position.has_value()) {
    log->position = *write.position;
    log->records.clear();
  }
  if (write.hard_state.has_value()) log->hard_state = *write.hard_state;
  if (!write.records.empty()) {
    std::erase_if(log->records,
                  [&](const LogRecord& record) { return record.index >= write.records[0].index; });
    log->records.insert(log->records.end(), write.records.begin(), write.records.end());
  }
}

// What the log's thread is given is done at once; what comes back waits for Core::Run.
class Core final : public Executor, public BackgroundExecutor {
 public:
  void Post(Task task) override { tasks_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t, Task) override { return 0; }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }
  void Run(Task task) override { task(); }
  void RunPosted() {
    for (; !tasks_.empty(); tasks_.pop_front()) tasks_.front()();
  }

 private:
  std::deque<Task> tasks_;
};

}  // namespace

// Destroyed in reverse order, as a process ends.
struct StorageRun::Life {
  std::unique_ptr<Disk> disk;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<consensus::LogStore> log;
  std::unique_ptr<FileStore> files;
  std::unique_ptr<consensus::DurableMarkFile> mark;
  Core core;
  std::unique_ptr<consensus::LogWriter> writer;
  uint64_t number = 0;  // of the last write
  uint64_t durable = 0;
  std::unique_ptr<consensus::CheckpointFiles> checkpoints;
  std::shared_ptr<store::Base> base;
};

StorageRun::StorageRun(const StorageRunOptions& options, Journal* journal, std::string spare)
    : options_(options), journal_(journal), spare_(std::move(spare)), random_(options.seed) {}

StorageRun::~StorageRun() = default;

std::string StorageRun::LogDirectory(const std::string& root) const {
  return absl::StrCat(root, options_.own_log_dir ? "/fast/logs/log" : "/data/log");
}

template <typename What>
void StorageRun::Note(Versions<What>* versions, What what, bool durable,
                      const std::function<absl::Status()>& write) {
  versions->push_back({std::move(what), journal_->size()});
  Must(write());
  if (durable) versions->back().sure = journal_->size();
}

void StorageRun::Start() {
  life_ = std::make_unique<Life>();
  life_->disk = MakeJournalDisk(journal_);
  life_->env = MakeJournalEnv(journal_);
  const std::string data = journal_->root() + "/data";
  // As main/server opens its edges.
  Must(MakeDirectoriesDurably(*life_->disk, data + "/checkpoints"));
  life_->log = Must(consensus::OpenRocksLogStore({.directory = LogDirectory(journal_->root()),
                                                  .sync = options_.sync,
                                                  .memtable_bytes = kMemtableBytes,
                                                  .disk = life_->disk.get(),
                                                  .env = life_->env.get()}));
  life_->files = Must(OpenFileStore(data, life_->disk.get()));
  life_->checkpoints = consensus::OpenCheckpointFiles(data + "/checkpoints", life_->disk.get());
  // As main/node starts.
  const uint64_t random = random_.Next() | 1;
  if (identities_.empty()) {
    identity_.disk_id = random;
    Note<consensus::Identity>(&identities_, identity_, true, [&] {
      return consensus::LoadOrCreateIdentity(life_->files.get(), random).status();
    });
  } else {
    ROOKERY_CHECK(Must(consensus::LoadOrCreateIdentity(life_->files.get(), random)) == identity_);
  }
  const LogContents log = Must(life_->log->Load());
  life_->mark = std::make_unique<consensus::DurableMarkFile>(life_->files.get());
  Must(life_->mark->Read());
  if (log.fresh) return;
  StartWriter(log);
  life_->base = Must(store::OpenRocksBase({.data_dir = data,
                                           .state_name = log.position.state_directory,
                                           .file_bytes_max = kFileBytes,
                                           .disk = life_->disk.get(),
                                           .env = life_->env.get()}));
}

void StorageRun::StartWriter(const LogContents& log) {
  life_->writer = std::make_unique<consensus::LogWriter>(
      &life_->core, &life_->core, life_->log.get(), life_->mark.get(), &SystemClock(), log,
      [this](uint64_t number) { life_->durable = number; });
}

void StorageRun::Found() {
  identity_.cluster_id = 77;
  identity_.engine_id = 1;
  identity_.founder = true;
  Note<consensus::Identity>(&identities_, identity_, true, [&] {
    return consensus::StoreIdentity(life_->files.get(), identity_);
  });
  life_->base = Must(store::OpenRocksBase({.data_dir = journal_->root() + "/data",
                                           .file_bytes_max = kFileBytes,
                                           .disk = life_->disk.get(),
                                           .env = life_->env.get()}));
  Note<Rows>(&states_[life_->base->name()], {}, true, [] { return absl::OkStatus(); });
  LogWrite write;
  write.hard_state = HardState{.term = 1, .vote = 0, .commit = 1};
  write.position = LogPosition{.index = 1,
                               .term = 1,
                               .configuration = consensus::EncodeConfiguration({.voters = {1}}),
                               .state_directory = life_->base->name()};
  Apply(write, &log_);
  Note<LogContents>(&logs_, log_, true, [&] {
    return consensus::WriteFoundingLog(life_->log.get(), {.voters = {1}}, life_->base->name());
  });
  StartWriter(Must(life_->log->Load()));
}

void StorageRun::WriteLog(LogWrite write) {
  Apply(write, &log_);
  Note<LogContents>(&logs_, log_, write.must_sync, [&]() -> absl::Status {
    life_->writer->Write(++life_->number, write);
    life_->core.RunPosted();
    ROOKERY_CHECK(life_->durable == life_->number) << "the write was not acknowledged";
    return absl::OkStatus();
  });
}

void StorageRun::Append(int records, size_t bytes) {
  LogWrite write;
  for (int i = 0; i < records; ++i) {
    write.records.push_back({.index = log_.last_index() + 1 + static_cast<uint64_t>(i),
                             .term = log_.hard_state.term,
                             .data = std::string(bytes, static_cast<char>('a' + random_.Below(26))),
                             .context = ""});
  }
  WriteLog(std::move(write));
}

void StorageRun::Flush(int rows) {
  applied_ = log_.last_index();
  Rows changed = {{kApplied, absl::StrCat(applied_)}};
  for (int i = 0; i < rows; ++i) {
    changed[absl::StrFormat("key%05d", random_.Below(500))] =
        std::string(20 + random_.Below(200), static_cast<char>('a' + random_.Below(26)));
  }
  for (const auto& [key, value] : changed) rows_[key] = value;
  Note<Rows>(&states_[life_->base->name()], rows_, true, [&]() -> absl::Status {
    const std::unique_ptr<store::Base::Batch> batch = life_->base->NewBatch();
    for (const auto& [key, value] : changed) Must(batch->Put(key, value));
    return batch->Commit();
  });
}

void StorageRun::Checkpoint(const std::string& name) {
  Must(life_->base->Checkpoint(name).status());
}

void StorageRun::Trim() {
  const uint64_t keep_from = applied_ - std::min<uint64_t>(applied_ - 2, 3);
  Note<uint64_t>(&trims_, keep_from, true, [&] { return life_->log->Trim(keep_from); });
}

void StorageRun::Install() {
  // Another server's state, somewhat ahead.
  const uint64_t index = log_.last_index() + 40;
  const std::string theirs = absl::StrCat(spare_, "/server-", ++installed_);
  Must(MakeDirectoriesDurably(RealDisk(), theirs));
  Rows rows = {{kApplied, absl::StrCat(index)}};
  for (int i = 0; i < 80; ++i) rows[absl::StrFormat("key%05d", random_.Below(500))] = "theirs";
  std::string source;
  {
    const auto base =
        Must(store::OpenRocksBase({.data_dir = theirs, .file_bytes_max = kFileBytes}));
    const auto batch = base->NewBatch();
    for (const auto& [key, value] : rows) Must(batch->Put(key, value));
    Must(batch->Commit());
    source = Must(base->Checkpoint("offered"));
  }
  // As consensus/peer/checkpoint_fetch receives it.
  const auto offered = consensus::OpenCheckpointFiles(theirs + "/checkpoints");
  const std::string local = absl::StrCat("received-", installed_);
  for (const consensus::FileSize& file : Must(offered->List("offered"))) {
    for (uint64_t at = 0; at == 0 || at < file.size; at += kPieceBytes) {
      const std::string piece = Must(offered->Read("offered", file.name, at, kPieceBytes));
      Must(life_->checkpoints->Write(local + ".part", file.name, at, piece));
    }
  }
  Must(life_->checkpoints->Sync(local + ".part"));
  Must(life_->checkpoints->Rename(local + ".part", local));
  // As the store and then the consensus install it.
  Must(life_->base->Replace(life_->checkpoints->Path(local)));
  Note<Rows>(&states_[life_->base->name()], rows, true, [] { return absl::OkStatus(); });
  LogWrite write;
  write.hard_state = log_.hard_state;
  write.position = LogPosition{.index = index,
                               .term = log_.hard_state.term,
                               .configuration = consensus::EncodeConfiguration({.voters = {1, 2}}),
                               .state_directory = life_->base->name()};
  WriteLog(std::move(write));
  Must(life_->base->RemoveUnnamed());
  rows_ = std::move(rows);
  applied_ = index;
}

void StorageRun::Live() {
  Start();
  Found();
  Append(3, 40);
  WriteLog({.hard_state = HardState{.term = 2, .vote = 1, .commit = 4}});
  Append(5, 40);
  WriteLog({.hard_state = HardState{.term = 2, .vote = 1, .commit = 8}, .must_sync = false});
  Append(2, 300);
  Flush(40);
  Append(4, 40);
  life_.reset();
  Start();  // after an orderly end
  Append(6, 9000);
  // A newer leader replaces the end.
  WriteLog({.hard_state = HardState{.term = 3, .vote = 2, .commit = 12},
            .records = {{.index = log_.last_index() - 2, .term = 3, .data = "newer"}}});
  Append(3, 9000);
  Flush(60);
  Checkpoint("checkpoint-1");
  Trim();
  Append(8, 9000);
  Must(life_->base->DropCheckpoint("checkpoint-1"));
  Flush(5);
  Checkpoint("checkpoint-2");
  Trim();
  Append(2, 40);
  Install();
  Append(5, 9000);
  Flush(30);
  Append(3, 9000);
  Trim();
  Append(1, 40);
  life_.reset();
  Start();
  Append(2, 40);
  Install();
  Append(1, 40);
  life_.reset();
}

void StorageRun::LiveTrimming() {
  Start();
  Found();
  for (uint64_t term = 2; term <= 5; ++term) {
    WriteLog({.hard_state = HardState{.term = term, .vote = 1, .commit = 1}});
    Append(8, 9000);
    const uint64_t replaced = log_.last_index() - 2;
    WriteLog({.hard_state = HardState{.term = term, .vote = 1, .commit = replaced - 1},
              .records = {{.index = replaced, .term = term, .data = "newer"}}});
    Append(8, 9000);
    Append(8, 9000);
    Append(4, 40);
    Flush(1);
    Trim();
  }
  life_.reset();
}

}  // namespace rookery::lost_writes
