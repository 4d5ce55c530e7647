#include "coordinator/main/offline/verify.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/consensus/peer/origin.h"
#include "coordinator/machine/state_check.h"
#include "coordinator/main/offline/database_check.h"
#include "coordinator/store/rocks/rocks_base.h"

namespace rookery::offline {
namespace {

namespace fs = std::filesystem;

uint64_t SizeOf(const std::string& path) {
  std::error_code error;
  const uintmax_t size = fs::file_size(path, error);
  return error ? 0 : size;
}

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

absl::Status CheckSum(const std::string& directory, machine::StateCheck* check) {
  ROOKERY_ASSIGN_OR_RETURN(const auto snapshot, store::OpenRocksToRead(directory));
  return machine::CheckState(*snapshot, check);
}

absl::Status InUse(const std::string& directory) {
  const int owner = OwnerOf(directory);
  if (owner == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      directory, " is in use by process ", owner,
      ": stop that server first; while it runs it checks itself (verify.periodSeconds)"));
}

// Where the state came from, the identity and the durable mark.
consensus::DurableMark CheckSmallFiles(const std::string& data_dir, Findings* findings) {
  absl::StatusOr<std::unique_ptr<FileStore>> files = OpenFileStore(data_dir);
  if (!files.ok()) {
    findings->Add(data_dir, files.status());
    return {};
  }
  const std::string restored = absl::StrCat(data_dir, "/", consensus::kOriginFile);
  if (Exists(restored)) {
    findings->Begin(restored);
    const absl::StatusOr<consensus::Origin> origin = consensus::LoadOrigin(files->get());
    findings->Add(restored, origin.status());
    if (origin.ok() && origin->stage == consensus::Origin::Stage::kUnfinished) {
      findings->Add(restored, "a restore into this directory has not ended: run it again");
    }
    findings->Read(SizeOf(restored));
  }
  const std::string identity = absl::StrCat(data_dir, "/", consensus::kIdentityFile);
  findings->Begin(identity);
  if (!Exists(identity)) {
    findings->Add(identity, "is missing: nothing says whose the log and the state are");
  } else {
    findings->Add(identity, consensus::LoadOrCreateIdentity(files->get(), 1).status());
    findings->Read(SizeOf(identity));
  }
  const std::string durable = absl::StrCat(data_dir, "/", consensus::DurableMarkFile::kName);
  if (!Exists(durable)) return {};
  findings->Begin(durable);
  consensus::DurableMarkFile mark(files->get());
  findings->Add(durable, mark.CheckSlots());
  findings->Read(SizeOf(durable));
  const absl::StatusOr<consensus::DurableMark> read = mark.Read();
  return read.ok() ? *read : consensus::DurableMark();
}

}  // namespace

StateFacts VerifyState(const std::string& directory, Findings* findings) {
  const size_t before = findings->texts().size();
  CheckDatabaseFiles(directory, findings);
  findings->Begin(directory);
  machine::StateCheck check;
  const absl::Status status = CheckSum(directory, &check);
  // A damaged file was named already, and better.
  if (before == findings->texts().size()) findings->Add(directory, status);
  return {.applied_index = check.state().applied_index,
          .applied_term = check.state().applied_term,
          .zxid = check.state().last_zxid,
          .digest = check.digest(),
          .nodes = check.state().node_count};
}

absl::Status VerifyDataDirectory(const std::string& data_dir, const std::string& log_directory,
                                 Findings* findings, StateFacts* facts) {
  if (!Exists(log_directory)) {
    return absl::FailedPreconditionError(
        absl::StrCat(data_dir, " is no data directory of rookeryd: expected a log in ",
                     log_directory, ", found none"));
  }
  ROOKERY_RETURN_IF_ERROR(InUse(log_directory));
  const consensus::DurableMark mark = CheckSmallFiles(data_dir, findings);
  const size_t before = findings->texts().size();
  CheckDatabaseFiles(log_directory, findings);
  const absl::StatusOr<consensus::LogContents> log = consensus::ReadRocksLog(log_directory);
  if (!log.ok()) {
    // A damaged file was named already, and better.
    if (before == findings->texts().size()) findings->Add(log_directory, log.status());
    // Which state is in use stands in the log: all of them then.
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(data_dir, error)) {
      const std::string path = entry.path();
      if (absl::StartsWith(entry.path().filename().string(), "state-")) VerifyState(path, findings);
    }
    return absl::OkStatus();
  }
  if (log->fresh) return absl::OkStatus();
  const std::string state = absl::StrCat(data_dir, "/", log->position.state_directory);
  if (!Exists(state)) {
    findings->Add(state, "is missing, and the log names it as the state");
    return absl::OkStatus();
  }
  ROOKERY_RETURN_IF_ERROR(InUse(state));
  *facts = VerifyState(state, findings);
  if (!findings->texts().empty()) return absl::OkStatus();
  findings->Add(log_directory,
                consensus::CheckAgainstMark(*log, mark, facts->applied_index, log_directory));
  const uint64_t first = log->records.empty() ? log->position.index + 1 : log->records[0].index;
  // A state that was never flushed stands where its founders began.
  const uint64_t applied = std::max<uint64_t>(facts->applied_index, 1);
  if (first > applied + 1) {
    findings->Add(state, absl::StrCat("stands at entry ", applied, ", but the log in ",
                                      log_directory, " begins at entry ", first));
  }
  return absl::OkStatus();
}

}  // namespace rookery::offline
