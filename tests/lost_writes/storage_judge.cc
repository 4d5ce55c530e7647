// What a failure left of a run, opened and compared.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "coordinator/base/disk/disk_file_store.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/log/rocks_log_store.h"
#include "coordinator/store/rocks/rocks_base.h"
#include "tests/lost_writes/storage_run.h"

namespace rookery::lost_writes {
namespace {

using consensus::LogContents;
using consensus::LogRecord;
using consensus::LogWrite;

std::map<std::string, std::string> RowsOf(store::Base& base) {
  std::map<std::string, std::string> rows;
  const absl::Status status =
      base.TakeSnapshot()->Scan("", "", [&](absl::string_view key, absl::string_view value) {
        rows.emplace(key, value);
        return true;
      });
  ROOKERY_CHECK(status.ok()) << status;
  return rows;
}

uint64_t AppliedOf(const std::map<std::string, std::string>& rows) {
  const auto at = rows.find(kApplied);
  uint64_t applied = 1;  // where founders begin
  if (at == rows.end()) return applied;
  ROOKERY_CHECK(absl::SimpleAtoi(at->second, &applied)) << at->second;
  return applied;
}

}  // namespace

uint64_t StorageRun::KeptFrom(size_t point) const {
  uint64_t kept_from = 0;
  for (const uint64_t* each : Possible(trims_, point)) kept_from = std::max(kept_from, *each);
  return kept_from;
}

absl::Status StorageRun::JudgeLog(const LogContents& found, size_t point) const {
  // Trimmed records may be there or not.
  const uint64_t kept_from = KeptFrom(point);
  const auto without_trimmed = [kept_from](LogContents log) {
    std::erase_if(log.records,
                  [kept_from](const LogRecord& record) { return record.index < kept_from; });
    return log;
  };
  const LogContents kept = without_trimmed(found);
  std::string expected;
  std::vector<const LogContents*> possible = Possible(logs_, point);
  const LogContents nothing;
  if (logs_.empty() || logs_[0].sure > point) possible.insert(possible.begin(), &nothing);
  for (const LogContents* each : possible) {
    const LogContents log = without_trimmed(*each);
    if (kept.fresh == log.fresh && kept.hard_state == log.hard_state &&
        kept.position == log.position && kept.records == log.records) {
      return absl::OkStatus();
    }
    absl::StrAppend(&expected, expected.empty() ? "" : " or ", "term ", log.hard_state.term,
                    " commit ", log.hard_state.commit, " position ", log.position.index, " up to ",
                    log.last_index());
  }
  return absl::DataLossError(absl::StrCat(
      "the log: expected ", expected, "; found term ", found.hard_state.term, " commit ",
      found.hard_state.commit, " position ", found.position.index, " up to ", found.last_index()));
}

absl::Status StorageRun::JudgeState(store::Base& base, size_t point) const {
  const auto versions = states_.find(base.name());
  if (versions == states_.end()) {
    return absl::DataLossError(absl::StrCat("the state ", base.name(), " is one of nobody"));
  }
  const Rows rows = RowsOf(base);
  std::string expected;
  for (const Rows* each : Possible(versions->second, point)) {
    if (rows == *each) return absl::OkStatus();
    absl::StrAppend(&expected, " ", AppliedOf(*each));
  }
  return absl::DataLossError(absl::StrCat("the state ", base.name(), ": expected entry", expected,
                                          ", found entry ", AppliedOf(rows), " or other rows"));
}

absl::Status StorageRun::Judge(const std::string& directory, size_t point) const {
  const std::string data = directory + "/data";
  const absl::Status made = MakeDirectoriesDurably(RealDisk(), data + "/checkpoints");
  if (!made.ok()) return made;
  auto log = consensus::OpenRocksLogStore(
      {.directory = LogDirectory(directory), .memtable_bytes = kMemtableBytes});
  if (!log.ok()) return log.status();
  auto files = OpenFileStore(data);
  if (!files.ok()) return files.status();
  constexpr uint64_t kNew = 12345;
  const auto identity = consensus::LoadOrCreateIdentity(files->get(), kNew);
  if (!identity.ok()) return identity.status();
  bool known = identity->disk_id == kNew && (identities_.empty() || identities_[0].sure > point);
  for (const consensus::Identity* each : Possible(identities_, point)) known |= *identity == *each;
  if (!known) return absl::DataLossError("the identity is another one");
  const auto contents = (*log)->Load();
  if (!contents.ok()) return contents.status();
  if (absl::Status status = JudgeLog(*contents, point); !status.ok()) return status;
  if (!contents->fresh && !identity->founded()) {
    return absl::DataLossError("the log has entries, but the identity does not say whose");
  }
  if (!identity->founded()) return absl::OkStatus();
  auto base = store::OpenRocksBase({.data_dir = data,
                                    .state_name = contents->position.state_directory,
                                    .file_bytes_max = kFileBytes});
  if (!base.ok()) return base.status();
  if (contents->fresh) return absl::OkStatus();
  if (absl::Status status = JudgeState(**base, point); !status.ok()) return status;
  const uint64_t applied = AppliedOf(RowsOf(**base));
  const uint64_t first =
      contents->records.empty() ? contents->position.index + 1 : contents->records[0].index;
  if (first > applied + 1) return absl::DataLossError("the log begins after the state");
  consensus::DurableMarkFile mark(files->get());
  const auto durable = mark.Read();
  if (!durable.ok()) return durable.status();
  if (absl::Status status = CheckAgainstMark(*contents, *durable, applied, directory);
      !status.ok()) {
    return status;
  }
  // It goes on from there.
  LogWrite next;
  next.records.push_back(
      {.index = contents->last_index() + 1, .term = contents->hard_state.term, .data = "next"});
  if (absl::Status status = (*log)->Write({next}); !status.ok()) return status;
  return mark.Write({.last_term = contents->hard_state.term,
                     .last_index = contents->last_index() + 1,
                     .term = contents->hard_state.term,
                     .vote = contents->hard_state.vote});
}

}  // namespace rookery::lost_writes
