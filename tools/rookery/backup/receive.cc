#include "tools/rookery/backup/receive.h"

#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::tools::backup {
namespace {

namespace fs = std::filesystem;

// A server names files in a directory of ours: nothing that leads out of it.
bool IsPlain(const std::string& name) {
  if (name.empty() || name[0] == '.' || name.size() > 200) return false;
  for (const char c : name) {
    const bool good =
        absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

std::string DirectoryAround(const std::string& path) {
  const std::string parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent;
}

}  // namespace

std::string Receiver::State() const { return absl::StrCat(Partial(), "/", offline::kBackupState); }

absl::Status Receiver::Begin(const v1::BackUpFacts& facts) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(target_, error))) {
    return absl::AlreadyExistsError(
        absl::StrCat(target_, " is there already: a backup never overwrites; give another name"));
  }
  backup_ = {.version = facts.version(),
             .cluster_id = facts.cluster_id(),
             .server = facts.server(),
             .index = facts.applied_index(),
             .term = facts.applied_term(),
             .zxid = facts.zxid(),
             .nodes = facts.nodes(),
             .sessions = facts.sessions(),
             .digest = facts.digest(),
             .time_ms = facts.time_ms()};
  for (const v1::BackUpFile& file : facts.files()) {
    if (!IsPlain(file.name())) {
      return absl::InvalidArgumentError("the server offers a file whose name is none");
    }
    backup_.files.push_back({.name = file.name(), .size = file.size()});
    bytes_expected_ += file.size();
  }
  ROOKERY_RETURN_IF_ERROR(RealDisk().Remove(Partial()));
  begun_ = true;
  return MakeDirectoriesDurably(RealDisk(), State());
}

absl::Status Receiver::TakePiece(const v1::BackUpPiece& piece) {
  if (!begun_ || next_ >= backup_.files.size() || piece.file() != next_) {
    return absl::DataLossError("the server sent a piece of a file that was not in turn");
  }
  const offline::Backup::File& file = backup_.files[next_];
  if (file_ == nullptr) {
    ROOKERY_ASSIGN_OR_RETURN(file_, RealDisk().Open(absl::StrCat(State(), "/", file.name)));
  }
  ROOKERY_RETURN_IF_ERROR(file_->WriteAt(offset_, piece.data()));
  offset_ += piece.data().size();
  bytes_ += piece.data().size();
  if (offset_ > file.size) {
    return absl::DataLossError(absl::StrCat("the server sent more of ", file.name, " than it has"));
  }
  return offset_ == file.size ? CloseFile() : absl::OkStatus();
}

absl::Status Receiver::CloseFile() {
  ROOKERY_RETURN_IF_ERROR(file_->Sync());
  file_.reset();
  ++next_;
  offset_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<offline::Backup> Receiver::Finish() {
  if (!begun_ || next_ != backup_.files.size()) {
    return absl::DataLossError(
        absl::StrCat("the copy ended early, after ", bytes_, " of ", bytes_expected_, " bytes"));
  }
  for (offline::Backup::File& file : backup_.files) {
    ROOKERY_ASSIGN_OR_RETURN(file, offline::ChecksumOf(State(), file.name));
  }
  ROOKERY_RETURN_IF_ERROR(offline::VerifyBackup(Partial(), backup_));
  ROOKERY_RETURN_IF_ERROR(RealDisk().SyncDirectory(State()));
  ROOKERY_RETURN_IF_ERROR(ReplaceFileDurably(RealDisk(),
                                             absl::StrCat(Partial(), "/", offline::kBackupFile),
                                             offline::EncodeBackup(backup_)));
  ROOKERY_RETURN_IF_ERROR(RealDisk().Rename(Partial(), target_));
  ROOKERY_RETURN_IF_ERROR(RealDisk().SyncDirectory(DirectoryAround(target_)));
  return backup_;
}

}  // namespace rookery::tools::backup
