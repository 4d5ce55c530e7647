#include "tests/sim/probes/log_probe.h"

#include <xxhash.h>

#include <utility>

#include "coordinator/base/varint.h"

namespace rookery::sim {

using consensus::LogContents;
using consensus::LogRecord;
using consensus::LogWrite;

LogProbe::Entry LogProbe::EntryOf(const LogRecord& record) {
  std::string bytes;
  PutVarint(record.kind, &bytes);
  PutString(record.data, &bytes);
  PutString(record.context, &bytes);
  return {record.term, XXH3_64bits(bytes.data(), bytes.size())};
}

void LogProbe::Note(LogStep::Kind kind, uint64_t index, const Entry& entry) {
  recorder_->history().log.push_back({.server = server_->number,
                                      .engine = server_->engine,
                                      .life = recorder_->LifeOf(server_->number),
                                      .order = recorder_->Next(),
                                      .kind = kind,
                                      .index = index,
                                      .term = entry.term,
                                      .hash = entry.hash});
}

void LogProbe::NoteVote(const consensus::HardState& state) {
  if (state.term == term_ && state.vote == vote_) return;
  term_ = state.term;
  vote_ = state.vote;
  recorder_->history().votes.push_back({.server = server_->number,
                                        .engine = server_->engine,
                                        .life = recorder_->LifeOf(server_->number),
                                        .order = recorder_->Next(),
                                        .term = term_,
                                        .vote = vote_});
}

absl::StatusOr<LogContents> LogProbe::Load() {
  unsynced_.clear();
  absl::StatusOr<LogContents> contents = log_->Load();
  if (!contents.ok()) return contents;
  // The first entry that should be there and is not, or is another one.
  std::map<uint64_t, Entry> found;
  for (const LogRecord& record : contents->records) found[record.index] = EntryOf(record);
  const bool emptied = contents->position.index < position_;
  for (const auto& [index, entry] : entries_) {
    const auto at = found.find(index);
    const bool trimmed = !found.empty() && index < found.begin()->first;
    if (!emptied && (trimmed || (at != found.end() && at->second == entry))) continue;
    Note(LogStep::Kind::kLost, emptied ? 0 : index, {});
    entries_.erase(emptied ? entries_.begin() : entries_.find(index), entries_.end());
    break;
  }
  if (contents->position.index != position_) {
    position_ = contents->position.index;
    if (!contents->fresh) Note(LogStep::Kind::kReplaced, position_, {contents->position.term});
  }
  // What was written without a sync and is there all the same.
  for (const auto& [index, entry] : found) {
    if (entries_.contains(index) || (!entries_.empty() && index < entries_.begin()->first))
      continue;
    Note(LogStep::Kind::kEntry, index, entry);
    entries_[index] = entry;
  }
  // Not noted: what is read must not look like a decision. Only what is written counts.
  term_ = contents->hard_state.term;
  vote_ = contents->hard_state.vote;
  return contents;
}

absl::Status LogProbe::Write(const std::vector<LogWrite>& writes) {
  const absl::Status status = log_->Write(writes);
  if (!status.ok()) return status;
  bool sync = false;
  for (const LogWrite& write : writes) {
    unsynced_.push_back(write);
    sync = sync || write.must_sync;
  }
  if (!sync) return status;
  for (const LogWrite& write : std::exchange(unsynced_, {})) NoteDurable(write);
  return status;
}

void LogProbe::NoteDurable(const LogWrite& write) {
  if (write.position.has_value()) {
    entries_.clear();
    position_ = write.position->index;
    Note(LogStep::Kind::kReplaced, position_, {write.position->term});
  }
  if (write.hard_state.has_value()) NoteVote(*write.hard_state);
  if (write.records.empty()) return;
  entries_.erase(entries_.lower_bound(write.records.front().index), entries_.end());
  for (const LogRecord& record : write.records) {
    const Entry entry = EntryOf(record);
    entries_[record.index] = entry;
    Note(LogStep::Kind::kEntry, record.index, entry);
  }
}

absl::Status LogProbe::Trim(uint64_t keep_from) {
  entries_.erase(entries_.begin(), entries_.lower_bound(keep_from));
  return log_->Trim(keep_from);
}

}  // namespace rookery::sim
