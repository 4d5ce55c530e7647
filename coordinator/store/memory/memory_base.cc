// A checkpoint is the directory "checkpoints/<name>" with the files
//
//   FORMAT     "rookery-state <format>\n", as on a real disk
//   <6 digits> (key:string value:string)*   in key order, about 64 KiB each; strings: base/varint.h
#include "coordinator/store/memory/memory_base.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coordinator/base/check.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/base/varint.h"
#include "coordinator/store/state_names.h"

namespace rookery::store {
namespace {

using Map = MemoryDisk::Map;
using MapRef = MemoryDisk::MapRef;

constexpr size_t kFileBytes = 64 << 10;

class MemorySnapshot final : public Base::Snapshot {
 public:
  explicit MemorySnapshot(MapRef map) : map_(std::move(map)) {}

  absl::Status Scan(absl::string_view begin, absl::string_view end,
                    const Base::Visit& visit) const override {
    for (auto at = map_->lower_bound(std::string(begin)); at != map_->end(); ++at) {
      if (!end.empty() && at->first >= end) break;
      if (!visit(at->first, at->second)) break;
    }
    return absl::OkStatus();
  }

 private:
  const MapRef map_;
};

absl::StatusOr<Map> ReadCheckpoint(const MemoryDisk& disk, absl::string_view directory) {
  ROOKERY_ASSIGN_OR_RETURN(const MemoryDisk::Files files, disk.ReadDirectory(directory));
  Map map;
  const auto format = files.find(std::string(kFormatFile));
  if (format == files.end()) return MissingFormat(directory);
  ROOKERY_RETURN_IF_ERROR(CheckFormat(directory, format->second));
  for (const auto& [name, bytes] : files) {
    if (name == kFormatFile) continue;
    VarintReader reader(bytes);
    while (reader.ok() && !reader.AtEnd()) {
      std::string key = reader.String();
      map[std::move(key)] = reader.String();
    }
    if (!reader.ok()) {
      return absl::DataLossError(absl::StrCat(directory, "/", name, " is cut short or damaged"));
    }
  }
  return map;
}

class MemoryBase final : public Base {
 public:
  MemoryBase(std::shared_ptr<MemoryDisk> disk, std::string name)
      : disk_(std::move(disk)), name_(std::move(name)) {}

  absl::Status MultiGet(absl::Span<const std::string> keys,
                        std::vector<std::optional<std::string>>* values) const override {
    values->clear();
    disk_->ReadState(name(), [&](const Map& map) {
      for (const std::string& key : keys) {
        const auto place = map.find(key);
        values->push_back(place == map.end() ? std::nullopt : std::optional(place->second));
      }
    });
    return absl::OkStatus();
  }

  std::shared_ptr<const Snapshot> TakeSnapshot() const override {
    return std::make_shared<MemorySnapshot>(disk_->State(name()));
  }

  std::unique_ptr<Batch> NewBatch() override { return std::make_unique<MemoryBatch>(this); }

  absl::StatusOr<std::string> Checkpoint(absl::string_view name) override {
    std::string directory = absl::StrCat("checkpoints/", name);
    if (disk_->HasDirectory(directory)) {
      return absl::AlreadyExistsError(absl::StrCat("there is a checkpoint ", directory));
    }
    disk_->WriteFile(directory, kFormatFile, FormatText());
    std::string bytes;
    int number = 0;
    const auto write = [&] {
      if (bytes.empty()) return;
      disk_->WriteFile(directory, absl::StrFormat("%06d", ++number), std::exchange(bytes, {}));
    };
    const MapRef map = disk_->State(this->name());
    for (const auto& [key, value] : *map) {
      PutString(key, &bytes);
      PutString(value, &bytes);
      if (bytes.size() >= kFileBytes) write();
    }
    write();
    return directory;
  }

  absl::Status DropCheckpoint(absl::string_view name) override {
    disk_->RemoveDirectory(absl::StrCat("checkpoints/", name));
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenToRead(
      const std::string& directory) const override {
    ROOKERY_ASSIGN_OR_RETURN(Map map, ReadCheckpoint(*disk_, directory));
    return std::make_shared<MemorySnapshot>(std::make_shared<const Map>(std::move(map)));
  }

  absl::Status Replace(absl::string_view directory) override {
    ROOKERY_ASSIGN_OR_RETURN(Map map, ReadCheckpoint(*disk_, directory));
    std::string name = NextStateName(disk_->StateNames());
    disk_->SetState(name, std::move(map));
    disk_->RemoveDirectory(directory);
    const std::lock_guard lock(mutex_);
    name_ = std::move(name);
    return absl::OkStatus();
  }

  std::string name() const override {
    const std::lock_guard lock(mutex_);
    return name_;
  }

  absl::Status RemoveUnnamed() override {
    disk_->RemoveStatesBut(name());
    return absl::OkStatus();
  }

  Health GetHealth() const override {
    // Counting bytes would cost a walk; entries of about this size are near enough for a model.
    Health health;
    disk_->ReadState(name(), [&](const Map& map) { health.bytes = map.size() * 128; });
    return health;
  }

 private:
  class MemoryBatch final : public Batch {
   public:
    explicit MemoryBatch(MemoryBase* base) : base_(base) {}
    absl::Status Put(absl::string_view key, absl::string_view value) override {
      Add(key, std::string(value));
      return absl::OkStatus();
    }
    absl::Status Delete(absl::string_view key) override {
      Add(key, std::nullopt);
      return absl::OkStatus();
    }
    absl::Status Commit() override {
      base_->Apply(std::move(changes_));
      return absl::OkStatus();
    }

   private:
    void Add(absl::string_view key, std::optional<std::string> value) {
      ROOKERY_CHECK(changes_.empty() || changes_.back().first < key) << "keys must ascend";
      changes_.emplace_back(std::string(key), std::move(value));
    }

    MemoryBase* const base_;
    std::vector<std::pair<std::string, std::optional<std::string>>> changes_;
  };

  void Apply(std::vector<std::pair<std::string, std::optional<std::string>>> changes) {
    disk_->ChangeState(name(), [&](Map* map) {
      for (auto& [key, value] : changes) {
        if (value.has_value()) {
          (*map)[std::move(key)] = *std::move(value);
        } else {
          map->erase(key);
        }
      }
    });
  }

  const std::shared_ptr<MemoryDisk> disk_;
  mutable std::mutex mutex_;
  std::string name_;  // guarded by mutex_
};

}  // namespace

absl::StatusOr<std::shared_ptr<Base>> CreateMemoryBase(std::shared_ptr<MemoryDisk> disk,
                                                       absl::string_view state_name) {
  std::string name(state_name);
  if (name.empty()) {
    name = NextStateName(disk->StateNames());
    disk->SetState(name, {});
  } else if (!disk->HasState(name)) {
    return MissingState(name);
  }
  disk->RemoveStatesBut(name);
  return std::make_shared<MemoryBase>(std::move(disk), std::move(name));
}

}  // namespace rookery::store
