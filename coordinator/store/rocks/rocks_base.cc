#include "coordinator/store/rocks/rocks_base.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/store/rocks/rocks_batch.h"
#include "coordinator/store/rocks/rocks_database.h"
#include "coordinator/store/rocks/state_directories.h"
#include "coordinator/store/state_names.h"

namespace rookery::store {
namespace {

// Half of the cache is kept for indexes and filters where they need it.
constexpr double kHighPriorityShare = 0.5;
// Few threads look into it, and a shard must hold several filters of whole files, else they push
// each other out at every read.
constexpr int kCacheShardBits = 2;
constexpr size_t kScanReadaheadBytes = 256 << 10;

absl::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

class RocksSnapshot final : public Base::Snapshot {
 public:
  explicit RocksSnapshot(std::shared_ptr<RocksDatabase> database)
      : database_(std::move(database)), snapshot_(database_->db().GetSnapshot()) {}
  ~RocksSnapshot() override { database_->db().ReleaseSnapshot(snapshot_); }

  absl::Status Scan(absl::string_view begin, absl::string_view end,
                    const Base::Visit& visit) const override {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.fill_cache = false;
    options.readahead_size = kScanReadaheadBytes;
    const rocksdb::Slice upper(end.data(), end.size());
    if (!end.empty()) options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(database_->db().NewIterator(options));
    for (at->Seek({begin.data(), begin.size()}); at->Valid(); at->Next()) {
      if (!visit(View(at->key()), View(at->value()))) break;
    }
    return ToStatus(at->status(), "scan", database_->path());
  }

 private:
  const std::shared_ptr<RocksDatabase> database_;
  const rocksdb::Snapshot* const snapshot_;
};

class RocksBase final : public Base {
 public:
  RocksBase(const RocksOptions& options, const RocksEdges& edges,
            std::shared_ptr<rocksdb::Cache> cache, std::string name,
            std::shared_ptr<RocksDatabase> database)
      : options_(options),
        edges_(edges),
        directories_(options.data_dir, edges.disk),
        cache_(std::move(cache)),
        name_(std::move(name)),
        database_(std::move(database)) {}

  absl::Status MultiGet(absl::Span<const std::string> keys,
                        std::vector<std::optional<std::string>>* values) const override {
    const std::shared_ptr<RocksDatabase> database = Now();
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> found(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    database->db().MultiGet(rocksdb::ReadOptions(), database->db().DefaultColumnFamily(),
                            keys.size(), slices.data(), found.data(), statuses.data(),
                            std::is_sorted(keys.begin(), keys.end()));
    values->assign(keys.size(), std::nullopt);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      ROOKERY_RETURN_IF_ERROR(ToStatus(statuses[i], "read", database->path()));
      (*values)[i] = found[i].ToString();
    }
    return absl::OkStatus();
  }

  std::shared_ptr<const Snapshot> TakeSnapshot() const override {
    return std::make_shared<RocksSnapshot>(Now());
  }

  std::unique_ptr<Batch> NewBatch() override {
    return std::make_unique<RocksBatch>(Now(), ++batches_, options_.file_bytes_max);
  }

  absl::StatusOr<std::string> Checkpoint(absl::string_view name) override {
    if (directories_.HasCheckpoint(name)) {
      return absl::AlreadyExistsError(
          absl::StrCat("there is a checkpoint ", directories_.CheckpointPath(name)));
    }
    const std::shared_ptr<RocksDatabase> database = Now();
    const std::string unfinished = directories_.UnfinishedPath(name);
    ROOKERY_RETURN_IF_ERROR(edges_.disk->Remove(unfinished));
    rocksdb::Checkpoint* maker = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(&database->db(), &maker);
    const std::unique_ptr<rocksdb::Checkpoint> owner(maker);
    if (status.ok()) status = maker->CreateCheckpoint(unfinished);
    ROOKERY_RETURN_IF_ERROR(ToStatus(status, "make checkpoint", unfinished));
    ROOKERY_RETURN_IF_ERROR(directories_.FinishCheckpoint(name));
    return directories_.CheckpointPath(name);
  }

  absl::Status DropCheckpoint(absl::string_view name) override {
    return edges_.disk->Remove(directories_.CheckpointPath(name));
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenToRead(
      const std::string& directory) const override {
    return OpenRocksToRead(directory);
  }

  absl::Status Replace(absl::string_view directory) override {
    ROOKERY_ASSIGN_OR_RETURN(std::string name, directories_.Adopt(directory));
    ROOKERY_ASSIGN_OR_RETURN(std::shared_ptr<RocksDatabase> database,
                             RocksDatabase::Open(directories_.StatePath(name), cache_, edges_));
    const std::lock_guard lock(mutex_);
    old_.push_back({name_, database_});
    name_ = std::move(name);
    database_.swap(database);
    return absl::OkStatus();
  }

  std::string name() const override {
    const std::lock_guard lock(mutex_);
    return name_;
  }

  absl::Status RemoveUnnamed() override {
    const std::lock_guard lock(mutex_);
    ROOKERY_ASSIGN_OR_RETURN(std::vector<std::string> names, directories_.StateNames());
    std::erase(names, name_);
    for (const auto& [name, reference] : old_) {
      const std::shared_ptr<RocksDatabase> still_read = reference.lock();
      if (still_read == nullptr) continue;
      still_read->RemoveWhenClosed();
      std::erase(names, name);
    }
    old_.clear();
    for (const std::string& name : names) {
      ROOKERY_RETURN_IF_ERROR(edges_.disk->Remove(directories_.StatePath(name)));
    }
    return absl::OkStatus();
  }

  Health GetHealth() const override {
    const std::shared_ptr<RocksDatabase> database = Now();
    rocksdb::DB& db = database->db();
    Health health;
    std::string files;
    if (db.GetProperty(rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &files) &&
        !absl::SimpleAtoi(files, &health.level0_files)) {
      health.level0_files = 0;
    }
    db.GetIntProperty(rocksdb::DB::Properties::kEstimatePendingCompactionBytes,
                      &health.compaction_debt_bytes);
    db.GetIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &health.bytes);
    return health;
  }

 private:
  std::shared_ptr<RocksDatabase> Now() const {
    const std::lock_guard lock(mutex_);
    return database_;
  }

  const RocksOptions options_;
  const RocksEdges edges_;
  StateDirectories directories_;
  const std::shared_ptr<rocksdb::Cache> cache_;
  uint64_t batches_ = 0;  // one batch at a time
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  std::string name_;
  std::shared_ptr<RocksDatabase> database_;
  std::vector<std::pair<std::string, std::weak_ptr<RocksDatabase>>> old_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Base>> OpenRocksBase(const RocksOptions& options) {
  const RocksEdges edges = {
      .disk = options.disk == nullptr ? &RealDisk() : options.disk,
      .env = options.env == nullptr ? rocksdb::Env::Default() : options.env,
  };
  StateDirectories directories(options.data_dir, edges.disk);
  ROOKERY_RETURN_IF_ERROR(directories.RemoveUnfinished());
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> names, directories.StateNames());
  std::string name = options.state_name;
  if (name.empty()) {
    for (const std::string& other : names) {
      ROOKERY_RETURN_IF_ERROR(directories.CheckHoldsNothing(other));
    }
  } else {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return MissingState(directories.StatePath(name));
    }
    // Before anything is removed: an unknown format may mean more than its own directory.
    ROOKERY_RETURN_IF_ERROR(ReadFormat(directories.StatePath(name)));
  }
  for (const std::string& other : names) {
    if (other != name) ROOKERY_RETURN_IF_ERROR(edges.disk->Remove(directories.StatePath(other)));
  }
  if (name.empty()) {
    ROOKERY_ASSIGN_OR_RETURN(name, directories.Make());
  }
  const std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(options.block_cache_bytes, kCacheShardBits,
                           /*strict_capacity_limit=*/false, kHighPriorityShare);
  ROOKERY_ASSIGN_OR_RETURN(std::shared_ptr<RocksDatabase> database,
                           RocksDatabase::Open(directories.StatePath(name), cache, edges));
  return std::make_shared<RocksBase>(options, edges, cache, std::move(name), std::move(database));
}

absl::StatusOr<std::shared_ptr<const Base::Snapshot>> OpenRocksToRead(
    const std::string& directory) {
  ROOKERY_ASSIGN_OR_RETURN(std::shared_ptr<RocksDatabase> database,
                           RocksDatabase::OpenToRead(directory));
  return std::make_shared<RocksSnapshot>(std::move(database));
}

}  // namespace rookery::store
