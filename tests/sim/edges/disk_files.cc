#include "tests/sim/edges/disk_files.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::sim {

void DiskFiles::Put(const Write& write, std::string* bytes) {
  if (bytes->size() < write.offset + write.bytes.size()) {
    bytes->resize(write.offset + write.bytes.size());
  }
  bytes->replace(write.offset, write.bytes.size(), write.bytes);
}

std::string DiskFiles::Now(const File& file) {
  std::string bytes = file.synced;
  for (const Write& write : file.unsynced) Put(write, &bytes);
  return bytes;
}

absl::StatusOr<std::string> DiskFiles::Read(absl::string_view name) {
  const auto found = files_.find(std::string(name));
  if (found == files_.end()) return absl::NotFoundError(absl::StrCat(name, ": no such file"));
  return Now(found->second);
}

absl::Status DiskFiles::WriteDurably(absl::string_view name, absl::string_view bytes) {
  ROOKERY_RETURN_IF_ERROR(gate_->Step(absl::StrCat("write beside ", name)));
  ROOKERY_RETURN_IF_ERROR(gate_->Step(absl::StrCat("sync beside ", name)));
  ROOKERY_RETURN_IF_ERROR(gate_->Step(absl::StrCat("rename to ", name)));
  const auto found = files_.find(std::string(name));
  File renamed = {.synced = std::string(bytes), .renamed = true};
  if (found != files_.end()) {
    renamed.was_there = true;
    renamed.before = Now(found->second);
  }
  files_[std::string(name)] = std::move(renamed);
  ROOKERY_RETURN_IF_ERROR(gate_->Step(absl::StrCat("sync the directory of ", name)));
  files_[std::string(name)].renamed = false;
  return absl::OkStatus();
}

absl::Status DiskFiles::WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) {
  ROOKERY_RETURN_IF_ERROR(gate_->Step(absl::StrCat("write into ", name)));
  File& file = files_[std::string(name)];
  file.unsynced.push_back({offset, std::string(bytes)});
  file.lacks_a_write = false;
  // Old ones have reached the disk by themselves.
  constexpr size_t kUnsyncedMost = 8;
  if (file.unsynced.size() <= kUnsyncedMost) return absl::OkStatus();
  Put(file.unsynced.front(), &file.synced);
  file.unsynced.erase(file.unsynced.begin());
  return absl::OkStatus();
}

void DiskFiles::Opened() {
  for (auto& [name, file] : files_) file.renamed = false;
}

int DiskFiles::LosePower(absl::string_view spared) {
  int lost = 0;
  Random& random = gate_->random();
  for (auto at = files_.begin(); at != files_.end();) {
    File& file = at->second;
    for (Write& write : file.unsynced) {
      const uint64_t fate = at->first == spared ? 0 : random.Below(3);
      if (fate > 0) {
        ++lost;
        file.lacks_a_write = true;
      }
      if (fate == 1) continue;
      if (fate == 2) write.bytes.resize(random.Below(write.bytes.size() + 1));
      Put(write, &file.synced);
    }
    file.unsynced.clear();
    if (std::exchange(file.renamed, false) && random.Below(2) == 0) {
      ++lost;
      if (!file.was_there) {
        at = files_.erase(at);
        continue;
      }
      file.synced = std::move(file.before);
    }
    ++at;
  }
  return lost;
}

bool DiskFiles::LacksAWrite(absl::string_view name) const {
  const auto found = files_.find(std::string(name));
  return found != files_.end() && found->second.lacks_a_write;
}

bool DiskFiles::Flip(absl::string_view name) {
  const auto found = files_.find(std::string(name));
  if (found == files_.end() || found->second.synced.empty()) return false;
  std::string& bytes = found->second.synced;
  bytes[gate_->random().Below(bytes.size())] ^= static_cast<char>(1 << gate_->random().Below(8));
  return true;
}

bool DiskFiles::FlipAny() {
  if (files_.empty()) return false;
  auto at = files_.begin();
  std::advance(at, gate_->random().Below(files_.size()));
  return Flip(at->first);
}

}  // namespace rookery::sim
