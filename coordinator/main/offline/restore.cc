#include "coordinator/main/offline/restore.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "coordinator/base/disk/disk.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/peer/origin.h"
#include "coordinator/main/offline/restored_state.h"
#include "coordinator/main/offline/verify.h"
#include "coordinator/store/rocks/rocks_base.h"

namespace rookery::offline {
namespace {

namespace fs = std::filesystem;
using consensus::Origin;

constexpr char kMyId[] = "myid";
constexpr char kState[] = "state-1";
constexpr size_t kPieceBytes = 1 << 20;

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// Empties the directory of what an interrupted restore left, and of what a server that refused to
// start on it made beside; anything else is somebody's.
absl::Status Clear(const std::string& data_dir) {
  std::vector<std::string> others;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(data_dir, error)) {
    const std::string name = entry.path().filename();
    if (name != kMyId) others.push_back(name);
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot list ", data_dir, ": ", error.message()));
  }
  if (others.empty()) return absl::OkStatus();
  std::sort(others.begin(), others.end());
  ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<FileStore> files, OpenFileStore(data_dir));
  const absl::StatusOr<Origin> origin = consensus::LoadOrigin(files.get());
  const bool unfinished = origin.ok() && origin->stage == Origin::Stage::kUnfinished;
  if (!unfinished) {
    return absl::FailedPreconditionError(absl::StrCat(
        data_dir, " is not empty (", absl::StrJoin(others, ", "),
        "): move what is there away, keep only myid, and restore again; nothing was changed"));
  }
  for (const std::string& name : others) {
    if (name == consensus::kOriginFile) continue;  // it goes on to say that nothing is finished
    ROOKERY_RETURN_IF_ERROR(RealDisk().Remove(absl::StrCat(data_dir, "/", name)));
  }
  return absl::OkStatus();
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  std::ifstream in(from, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat(from, " is missing, or cannot be read"));
  ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> out, RealDisk().Open(to));
  std::string piece(kPieceBytes, '\0');
  uint64_t offset = 0;
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<size_t>(in.gcount());
    ROOKERY_RETURN_IF_ERROR(out->WriteAt(offset, absl::string_view(piece).substr(0, got)));
    offset += got;
  }
  if (in.bad()) return absl::UnavailableError(absl::StrCat(from, " cannot be read"));
  return out->Sync();
}

absl::Status CopyState(const std::string& backup_directory, const Backup& backup,
                       const std::string& state,
                       const std::function<void(const std::string&)>& tell) {
  ROOKERY_RETURN_IF_ERROR(RealDisk().MakeDirectory(state));
  uint64_t bytes = 0, copied = 0;
  for (const Backup::File& file : backup.files) bytes += file.size;
  for (const Backup::File& file : backup.files) {
    ROOKERY_RETURN_IF_ERROR(
        CopyFile(absl::StrCat(backup_directory, "/", kBackupState, "/", file.name),
                 absl::StrCat(state, "/", file.name)));
    copied += file.size;
    tell(absl::StrFormat("copied %d of %d bytes", copied, bytes));
  }
  return RealDisk().SyncDirectory(state);
}

// Reads the copy, not the original: what counts is what the server will start on.
absl::Status CheckCopy(const std::string& state, const Backup& backup) {
  for (const Backup::File& file : backup.files) {
    ROOKERY_ASSIGN_OR_RETURN(const Backup::File found, ChecksumOf(state, file.name));
    if (found == file) continue;
    return absl::DataLossError(absl::StrFormat(
        "%s/%s is damaged: its checksum in %s is %016x, that of the copy %016x; use another backup",
        kBackupState, file.name, kBackupFile, file.checksum, found.checksum));
  }
  Findings findings;
  const StateFacts facts = VerifyState(state, &findings);
  if (!findings.texts().empty()) return absl::DataLossError(findings.texts()[0]);
  if (facts.digest == backup.digest && facts.applied_index == backup.index) return absl::OkStatus();
  return absl::DataLossError(absl::StrFormat(
      "the state is not that of the backup: expected entry %d with digest %016x, found entry %d "
      "with digest %016x",
      backup.index, backup.digest, facts.applied_index, facts.digest));
}

}  // namespace

absl::StatusOr<Restored> Restore(const std::string& backup_directory, const std::string& data_dir,
                                 const std::string& log_directory,
                                 const std::function<void(const std::string&)>& tell) {
  ROOKERY_ASSIGN_OR_RETURN(const Backup backup, ReadBackup(backup_directory));
  ROOKERY_RETURN_IF_ERROR(MakeDirectoriesDurably(RealDisk(), data_dir));
  ROOKERY_RETURN_IF_ERROR(Clear(data_dir));
  if (Exists(log_directory)) {
    return absl::FailedPreconditionError(
        absl::StrCat(log_directory, " holds a log: move it away; nothing was changed"));
  }
  ROOKERY_ASSIGN_OR_RETURN(const std::unique_ptr<FileStore> files, OpenFileStore(data_dir));
  Origin origin{.stage = Origin::Stage::kUnfinished, .state_directory = kState};
  ROOKERY_RETURN_IF_ERROR(consensus::StoreOrigin(files.get(), origin));

  const std::string state = absl::StrCat(data_dir, "/", kState);
  ROOKERY_RETURN_IF_ERROR(CopyState(backup_directory, backup, state, tell));
  tell("verifying the copy");
  ROOKERY_RETURN_IF_ERROR(CheckCopy(state, backup));
  tell("ending the sessions of the backup");
  Restored restored;
  {
    ROOKERY_ASSIGN_OR_RETURN(const std::shared_ptr<store::Base> base,
                             store::OpenRocksBase({.data_dir = data_dir, .state_name = kState}));
    ROOKERY_ASSIGN_OR_RETURN(restored, MakeFoundable(base, backup.time_ms));
  }
  tell("verifying the restored state");
  Findings findings;
  const StateFacts facts = VerifyState(state, &findings);
  if (!findings.texts().empty()) return absl::DataLossError(findings.texts()[0]);
  restored.zxid = facts.zxid;
  restored.digest = facts.digest;

  ROOKERY_RETURN_IF_ERROR(RealDisk().SyncDirectory(data_dir));
  origin.stage = Origin::Stage::kReady;
  origin.digest = facts.digest;
  origin.zxid = facts.zxid;
  ROOKERY_RETURN_IF_ERROR(consensus::StoreOrigin(files.get(), origin));
  return restored;
}

}  // namespace rookery::offline
