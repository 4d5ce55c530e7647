#include "tests/sim/edges/disk_checkpoints.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/store/state_names.h"

namespace rookery::sim {
namespace {

constexpr char kUnderWay[] = ".part";
constexpr char kReceived[] = "received-";

}  // namespace

DiskCheckpoints::DiskCheckpoints(DiskGate* gate) : gate_(gate) {
  SetOnChange([this](const std::string& directory) {
    return gate_->Step(absl::StrCat("change ", directory));
  });
}

bool DiskCheckpoints::DamageOne(const std::string& directory, Damage how) {
  const absl::StatusOr<std::vector<consensus::FileSize>> files = List(directory);
  if (!files.ok()) return false;
  for (const consensus::FileSize& file : *files) {
    if (file.name == store::kFormatFile || file.size < 2) continue;
    if (how == Damage::kMissingFile) {
      DropFile(directory, file.name);
    } else if (std::string* const bytes = Bytes(directory, file.name);
               absl::EndsWith(directory, kUnderWay)) {
      (*bytes)[gate_->random().Below(bytes->size())] ^=
          static_cast<char>(1 << gate_->random().Below(8));
    } else {
      bytes->pop_back();
    }
    return true;
  }
  return false;
}

bool DiskCheckpoints::DamageNewest(Damage how) {
  const std::vector<std::string> names = *Directories();
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (absl::StrContains(*name, '.') || absl::StartsWith(*name, kReceived)) continue;
    if (damaged_.contains(*name) || !DamageOne(*name, how)) continue;
    damaged_.insert(*name);
    return true;
  }
  return false;
}

absl::Status DiskCheckpoints::Truncate(const std::string& directory, const std::string& file,
                                       uint64_t size) {
  ROOKERY_RETURN_IF_ERROR(MemoryCheckpointFiles::Truncate(directory, file, size));
  refused_ += damaged_received_.erase(directory);
  return absl::OkStatus();
}

absl::Status DiskCheckpoints::Sync(const std::string& directory) {
  ROOKERY_RETURN_IF_ERROR(MemoryCheckpointFiles::Sync(directory));
  if (next_received_.has_value() && absl::EndsWith(directory, kUnderWay) &&
      DamageOne(directory, *next_received_)) {
    next_received_.reset();
    damaged_received_.insert(directory);
  }
  return absl::OkStatus();
}

absl::Status DiskCheckpoints::Rename(const std::string& from, const std::string& to) {
  ROOKERY_RETURN_IF_ERROR(MemoryCheckpointFiles::Rename(from, to));
  if (on_received_ && absl::StartsWith(to, kReceived)) on_received_();
  return absl::OkStatus();
}

absl::Status DiskCheckpoints::Remove(const std::string& directory) {
  ROOKERY_RETURN_IF_ERROR(MemoryCheckpointFiles::Remove(directory));
  refused_ += damaged_received_.erase(directory);
  damaged_.erase(directory);
  return absl::OkStatus();
}

void DiskCheckpoints::Drop(const std::string& directory) {
  MemoryCheckpointFiles::Drop(directory);
  damaged_received_.erase(directory);
  damaged_.erase(directory);
}

}  // namespace rookery::sim
