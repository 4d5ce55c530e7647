#include "coordinator/consensus/peer/memory_checkpoint_files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::consensus {

void MemoryCheckpointFiles::LosePower() {
  for (auto directory = directories_.begin(); directory != directories_.end();) {
    std::erase_if(directory->second, [](const auto& each) { return !each.second.named; });
    for (auto& [name, file] : directory->second) {
      if (file.bytes == file.durable) continue;
      const size_t size = file.bytes.size();
      file.bytes = file.durable;
      file.bytes.resize(size, '\0');
      file.durable = file.bytes;
    }
    directory = directory->second.empty() ? directories_.erase(directory) : std::next(directory);
  }
}

void MemoryCheckpointFiles::SetOnChange(
    absl::AnyInvocable<absl::Status(const std::string& directory)> on_change) {
  on_change_ = std::move(on_change);
}

absl::Status MemoryCheckpointFiles::Ask(const std::string& directory) {
  return on_change_ ? on_change_(directory) : absl::OkStatus();
}

absl::StatusOr<MemoryCheckpointFiles::File*> MemoryCheckpointFiles::Find(
    const std::string& directory, const std::string& file) {
  auto found = directories_.find(directory);
  if (found == directories_.end() || found->second.count(file) == 0) {
    return absl::NotFoundError(absl::StrCat("open ", Path(directory), "/", file, ": no such file"));
  }
  return &found->second[file];
}

absl::StatusOr<std::vector<std::string>> MemoryCheckpointFiles::Directories() {
  std::vector<std::string> names;
  names.reserve(directories_.size());
  for (const auto& [name, directory] : directories_) names.push_back(name);
  return names;
}

absl::StatusOr<std::vector<FileSize>> MemoryCheckpointFiles::List(const std::string& directory) {
  auto found = directories_.find(directory);
  if (found == directories_.end()) {
    return absl::NotFoundError(absl::StrCat("list ", Path(directory), ": no such directory"));
  }
  std::vector<FileSize> files;
  for (const auto& [name, file] : found->second) files.push_back({name, file.bytes.size()});
  return files;
}

absl::StatusOr<std::string> MemoryCheckpointFiles::Read(const std::string& directory,
                                                        const std::string& file, uint64_t offset,
                                                        size_t size) {
  ROOKERY_ASSIGN_OR_RETURN(const File* found, Find(directory, file));
  if (offset >= found->bytes.size()) return std::string();
  return found->bytes.substr(offset, size);
}

absl::Status MemoryCheckpointFiles::Write(const std::string& directory, const std::string& file,
                                          uint64_t offset, absl::string_view bytes) {
  ROOKERY_RETURN_IF_ERROR(Ask(directory));
  std::string& content = directories_[directory][file].bytes;
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  content.replace(offset, bytes.size(), bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status MemoryCheckpointFiles::Truncate(const std::string& directory, const std::string& file,
                                             uint64_t size) {
  ROOKERY_RETURN_IF_ERROR(Ask(directory));
  ROOKERY_ASSIGN_OR_RETURN(File * found, Find(directory, file));
  found->bytes.resize(size);
  return absl::OkStatus();
}

absl::Status MemoryCheckpointFiles::Sync(const std::string& directory) {
  ROOKERY_RETURN_IF_ERROR(Ask(directory));
  auto found = directories_.find(directory);
  if (found == directories_.end()) {
    return absl::NotFoundError(absl::StrCat("sync ", Path(directory), ": no such directory"));
  }
  for (auto& [name, file] : found->second) {
    file.durable = file.bytes;
    file.named = true;
  }
  return absl::OkStatus();
}

absl::Status MemoryCheckpointFiles::Rename(const std::string& from, const std::string& to) {
  ROOKERY_RETURN_IF_ERROR(Ask(from));
  auto found = directories_.find(from);
  if (found == directories_.end()) {
    return absl::NotFoundError(absl::StrCat("rename ", Path(from), ": no such directory"));
  }
  Directory moved = std::move(found->second);
  directories_.erase(found);
  directories_[to] = std::move(moved);
  return absl::OkStatus();
}

absl::Status MemoryCheckpointFiles::Remove(const std::string& directory) {
  ROOKERY_RETURN_IF_ERROR(Ask(directory));
  directories_.erase(directory);
  return absl::OkStatus();
}

bool MemoryCheckpointFiles::IsDurable(const std::string& directory) const {
  const auto found = directories_.find(directory);
  return found != directories_.end() &&
         std::all_of(found->second.begin(), found->second.end(), [](const auto& each) {
           return each.second.named && each.second.bytes == each.second.durable;
         });
}

std::string* MemoryCheckpointFiles::Bytes(const std::string& directory, const std::string& file) {
  const absl::StatusOr<File*> found = Find(directory, file);
  return found.ok() ? &(*found)->bytes : nullptr;
}

std::string MemoryCheckpointFiles::Path(const std::string& directory) const {
  return absl::StrCat("checkpoints/", directory);
}

}  // namespace rookery::consensus
