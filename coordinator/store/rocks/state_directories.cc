#include "coordinator/store/rocks/state_directories.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/store/state_names.h"

namespace rookery::store {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kCheckpoints = "checkpoints";
constexpr absl::string_view kUnfinished = ".making-";

absl::Status Failed(absl::string_view what, absl::string_view path, const std::error_code& error) {
  return absl::InternalError(absl::StrCat(what, " ", path, ": ", error.message()));
}

}  // namespace

std::string StateDirectories::StatePath(absl::string_view name) const {
  return absl::StrCat(data_dir_, "/", name);
}
std::string StateDirectories::CheckpointPath(absl::string_view name) const {
  return absl::StrCat(data_dir_, "/", kCheckpoints, "/", name);
}
std::string StateDirectories::UnfinishedPath(absl::string_view name) const {
  return CheckpointPath(absl::StrCat(kUnfinished, name));
}

absl::StatusOr<std::vector<std::string>> StateDirectories::StateNames() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(data_dir_, error)) {
    std::string name = entry.path().filename();
    if (NumberOfState(name).has_value()) names.push_back(std::move(name));
  }
  if (error) return Failed("list", data_dir_, error);
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<std::string> StateDirectories::Make() {
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> names, StateNames());
  std::string name = NextStateName(names);
  ROOKERY_RETURN_IF_ERROR(disk_->MakeDirectory(StatePath(name)));
  ROOKERY_RETURN_IF_ERROR(WriteFormat(*disk_, StatePath(name)));
  ROOKERY_RETURN_IF_ERROR(disk_->SyncDirectory(data_dir_));
  return name;
}

absl::Status StateDirectories::CheckHoldsNothing(absl::string_view name) const {
  std::error_code error;
  bool holds_data = false;
  for (const fs::directory_entry& entry : fs::directory_iterator(StatePath(name), error)) {
    holds_data |= entry.path().extension() == ".sst";
  }
  if (error) return Failed("list", StatePath(name), error);
  if (!holds_data) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(StatePath(name),
                   " holds a state, and the log beside it names none: put the log back, or move "
                   "the data directory away and run rookery ensemble rejoin"));
}

absl::StatusOr<std::string> StateDirectories::Adopt(absl::string_view directory) {
  const std::string path(directory);
  ROOKERY_RETURN_IF_ERROR(ReadFormat(path));
  const std::string own_name = fs::path(path).filename();
  std::error_code error;
  if (NumberOfState(own_name).has_value() && fs::equivalent(path, StatePath(own_name), error)) {
    return own_name;
  }
  ROOKERY_ASSIGN_OR_RETURN(const std::vector<std::string> names, StateNames());
  std::string name = NextStateName(names);
  ROOKERY_RETURN_IF_ERROR(Rename(path, StatePath(name)));
  return name;
}

absl::Status StateDirectories::FinishCheckpoint(absl::string_view name) {
  const std::string unfinished = UnfinishedPath(name);
  ROOKERY_RETURN_IF_ERROR(WriteFormat(*disk_, unfinished));
  return Rename(unfinished, CheckpointPath(name));
}

absl::Status StateDirectories::Rename(const std::string& from, const std::string& to) {
  ROOKERY_RETURN_IF_ERROR(disk_->Rename(from, to));
  ROOKERY_RETURN_IF_ERROR(disk_->SyncDirectory(fs::path(to).parent_path()));
  return disk_->SyncDirectory(fs::path(from).parent_path());
}

bool StateDirectories::HasCheckpoint(absl::string_view name) const {
  std::error_code error;
  return fs::exists(CheckpointPath(name), error);
}

absl::Status StateDirectories::RemoveUnfinished() {
  const std::string checkpoints = absl::StrCat(data_dir_, "/", kCheckpoints);
  ROOKERY_RETURN_IF_ERROR(disk_->MakeDirectory(checkpoints));
  std::error_code error;
  std::vector<std::string> unfinished;
  for (const fs::directory_entry& entry : fs::directory_iterator(checkpoints, error)) {
    const std::string name = entry.path().filename();
    if (absl::StartsWith(name, kUnfinished)) unfinished.push_back(entry.path());
  }
  if (error) return Failed("list", checkpoints, error);
  for (const std::string& path : unfinished) ROOKERY_RETURN_IF_ERROR(disk_->Remove(path));
  return absl::OkStatus();
}

absl::Status WriteFormat(Disk& disk, const std::string& directory) {
  {
    ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file,
                             disk.Open(absl::StrCat(directory, "/", kFormatFile)));
    ROOKERY_RETURN_IF_ERROR(file->Truncate(0));
    ROOKERY_RETURN_IF_ERROR(file->WriteAt(0, FormatText()));
    ROOKERY_RETURN_IF_ERROR(file->Sync());
  }
  return disk.SyncDirectory(directory);
}

absl::Status ReadFormat(const std::string& directory) {
  std::ifstream file(absl::StrCat(directory, "/", kFormatFile));
  if (!file) return MissingFormat(directory);
  std::ostringstream text;
  text << file.rdbuf();
  return CheckFormat(directory, text.str());
}

}  // namespace rookery::store
