#include "tests/sim/edges/disk_base.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/store/memory/memory_base.h"
#include "coordinator/store/state_names.h"

namespace rookery::sim {
namespace {

using store::Base;

constexpr uint64_t kFilesPerCompaction = 4;
constexpr char kPart[] = ".tmp";

absl::Status Damaged(const std::string& state, const DiskStates::Range& range) {
  return absl::DataLossError(absl::StrCat("read ", state,
                                          ": Corruption: block checksum mismatch in 000017.sst, ",
                                          range.end.size(), " bytes of key"));
}

class DiskSnapshot final : public Base::Snapshot {
 public:
  DiskSnapshot(std::shared_ptr<const Snapshot> inner, std::string name, DiskStates* states)
      : inner_(std::move(inner)), name_(std::move(name)), states_(states) {
    const auto found = states->damage.find(name_);
    if (found != states->damage.end()) damage_ = found->second;
  }

  absl::Status Scan(absl::string_view begin, absl::string_view end,
                    const Base::Visit& visit) const override {
    if (states_->in_use != name_) ++states_->scans_across_install;
    if (damage_.empty()) return inner_->Scan(begin, end, visit);
    const DiskStates::Range* hit = nullptr;
    ROOKERY_RETURN_IF_ERROR(
        inner_->Scan(begin, end, [&](absl::string_view key, absl::string_view value) {
          for (const DiskStates::Range& range : damage_) {
            if (range.begin <= key && key <= range.end) hit = &range;
          }
          return hit == nullptr && visit(key, value);
        }));
    return hit == nullptr ? absl::OkStatus() : Damaged(name_, *hit);
  }

 private:
  const std::shared_ptr<const Snapshot> inner_;
  const std::string name_;
  DiskStates* const states_;
  std::vector<DiskStates::Range> damage_;
};

class DiskBase final : public Base {
 public:
  DiskBase(DiskGate* gate, DiskStates* states, consensus::MemoryCheckpointFiles* checkpoints,
           std::shared_ptr<Base> inner, DiskBaseOptions options)
      : gate_(gate),
        states_(states),
        checkpoints_(checkpoints),
        inner_(std::move(inner)),
        options_(std::move(options)),
        compacted_us_(options_.now_us()) {}

  absl::Status MultiGet(absl::Span<const std::string> keys,
                        std::vector<std::optional<std::string>>* values) const override {
    if (!states_->damage.empty()) {
      for (const std::string& key : keys) {
        const DiskStates::Range* hit = states_->FindDamage(name(), key, key);
        if (hit != nullptr) return Damaged(name(), *hit);
      }
    }
    return inner_->MultiGet(keys, values);
  }

  std::shared_ptr<const Snapshot> TakeSnapshot() const override {
    return std::make_shared<DiskSnapshot>(inner_->TakeSnapshot(), name(), states_);
  }

  std::unique_ptr<Batch> NewBatch() override {
    return std::make_unique<DiskBatch>(this, inner_->NewBatch());
  }

  absl::StatusOr<std::string> Checkpoint(absl::string_view name) override {
    const std::string to(name);
    if (checkpoints_->Has(to)) {
      return absl::AlreadyExistsError(absl::StrCat("there is a checkpoint ", to));
    }
    ROOKERY_RETURN_IF_ERROR(gate_->Step("make a checkpoint"));
    ROOKERY_ASSIGN_OR_RETURN(const std::string made, inner_->Checkpoint(name));
    ROOKERY_ASSIGN_OR_RETURN(const store::MemoryDisk::Files files,
                             states_->disk->ReadDirectory(made));
    states_->disk->RemoveDirectory(made);
    const std::string part = to + kPart;
    ROOKERY_RETURN_IF_ERROR(checkpoints_->Remove(part));
    // Its files are the state's, by hard links, and as damaged.
    const bool damaged = states_->IsDamaged(this->name());
    for (const auto& [file, bytes] : files) {
      const size_t size = bytes.size() - (damaged && file != store::kFormatFile ? 1 : 0);
      ROOKERY_RETURN_IF_ERROR(checkpoints_->Write(part, file, 0, bytes.substr(0, size)));
    }
    ROOKERY_RETURN_IF_ERROR(checkpoints_->Sync(part));
    ROOKERY_RETURN_IF_ERROR(checkpoints_->Rename(part, to));
    return checkpoints_->Path(to);
  }

  absl::Status DropCheckpoint(absl::string_view name) override {
    return checkpoints_->Remove(std::string(name));
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenToRead(
      const std::string& directory) const override {
    ROOKERY_RETURN_IF_ERROR(CopyReceived(directory));
    auto opened = inner_->OpenToRead(directory);
    states_->disk->RemoveDirectory(directory);
    return opened;
  }

  absl::Status Replace(absl::string_view directory) override {
    const std::string from(directory.substr(directory.rfind('/') + 1));
    ROOKERY_RETURN_IF_ERROR(gate_->Step("adopt a received state"));
    const bool durable = checkpoints_->IsDurable(from);
    ROOKERY_RETURN_IF_ERROR(CopyReceived(directory));
    const absl::Status replaced = inner_->Replace(directory);
    states_->disk->RemoveDirectory(directory);
    ROOKERY_RETURN_IF_ERROR(replaced);
    states_->in_use = this->name();
    if (!durable) states_->unsynced.insert(this->name());
    ROOKERY_RETURN_IF_ERROR(checkpoints_->Remove(from));
    gate_->Pass("open the adopted state");
    return absl::OkStatus();
  }

  std::string name() const override { return inner_->name(); }

  absl::Status RemoveUnnamed() override {
    ROOKERY_RETURN_IF_ERROR(gate_->Step("remove old states"));
    std::erase_if(states_->damage, [&](const auto& each) { return each.first != name(); });
    std::erase_if(states_->unsynced, [&](const auto& each) { return each != name(); });
    return inner_->RemoveUnnamed();
  }

  Health GetHealth() const override {
    Health health = inner_->GetHealth();
    while (level0_files_ > 0 && options_.now_us() >= compacted_us_ + options_.compaction_us) {
      compacted_us_ += options_.compaction_us;
      level0_files_ -= std::min(level0_files_, kFilesPerCompaction);
    }
    if (level0_files_ == 0) compacted_us_ = options_.now_us();
    health.level0_files = level0_files_;
    return health;
  }

 private:
  class DiskBatch final : public Batch {
   public:
    DiskBatch(DiskBase* base, std::unique_ptr<Batch> inner)
        : base_(base), inner_(std::move(inner)) {}
    absl::Status Put(absl::string_view key, absl::string_view value) override {
      return inner_->Put(key, value);
    }
    absl::Status Delete(absl::string_view key) override { return inner_->Delete(key); }
    absl::Status Commit() override {
      ROOKERY_RETURN_IF_ERROR(base_->gate_->Step("write a table"));
      ROOKERY_RETURN_IF_ERROR(base_->gate_->Step("ingest a table"));
      ROOKERY_RETURN_IF_ERROR(inner_->Commit());
      ++base_->level0_files_;
      base_->gate_->Pass("acknowledge the ingestion");
      return absl::OkStatus();
    }

   private:
    DiskBase* const base_;
    const std::unique_ptr<Batch> inner_;
  };

  // The base of the model reads from a disk of its own.
  absl::Status CopyReceived(absl::string_view directory) const {
    const std::string from(directory.substr(directory.rfind('/') + 1));
    ROOKERY_ASSIGN_OR_RETURN(const std::vector<consensus::FileSize> files,
                             checkpoints_->List(from));
    for (const consensus::FileSize& file : files) {
      ROOKERY_ASSIGN_OR_RETURN(std::string bytes,
                               checkpoints_->Read(from, file.name, 0, file.size));
      states_->disk->WriteFile(directory, file.name, std::move(bytes));
    }
    return absl::OkStatus();
  }

  DiskGate* const gate_;
  DiskStates* const states_;
  consensus::MemoryCheckpointFiles* const checkpoints_;
  const std::shared_ptr<Base> inner_;
  const DiskBaseOptions options_;
  mutable uint64_t level0_files_ = 0;
  mutable int64_t compacted_us_;
};

}  // namespace

bool DiskStates::IsDamaged(const std::string& state) {
  const auto found = damage.find(state);
  if (found == damage.end() || !disk->HasState(state)) return false;
  disk->ReadState(state, [&](const store::MemoryDisk::Map& map) {
    std::erase_if(found->second, [&map](const Range& range) {
      const auto first = map.lower_bound(range.begin);
      return first == map.end() || first->first > range.end;
    });
  });
  return !found->second.empty();
}

int DiskStates::LosePower() {
  for (const std::string& state : unsynced) disk->RemoveState(state);
  return static_cast<int>(std::exchange(unsynced, {}).size());
}

const DiskStates::Range* DiskStates::FindDamage(const std::string& state, absl::string_view begin,
                                                absl::string_view end) const {
  const auto found = damage.find(state);
  if (found == damage.end()) return nullptr;
  for (const Range& range : found->second) {
    if (range.begin <= end && begin <= range.end) return &range;
  }
  return nullptr;
}

absl::StatusOr<std::shared_ptr<Base>> OpenDiskBase(DiskGate* gate, DiskStates* states,
                                                   consensus::MemoryCheckpointFiles* checkpoints,
                                                   const std::string& name,
                                                   const DiskBaseOptions& options) {
  ROOKERY_ASSIGN_OR_RETURN(std::shared_ptr<Base> inner,
                           store::CreateMemoryBase(states->disk, name));
  states->in_use = inner->name();
  return std::make_shared<DiskBase>(gate, states, checkpoints, std::move(inner), options);
}

}  // namespace rookery::sim
