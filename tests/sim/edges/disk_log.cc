#include "tests/sim/edges/disk_log.h"

#include <algorithm>
#include <utility>

#include "coordinator/base/status_macros.h"

namespace rookery::sim {
namespace {

// Batches in the journal before the oldest are moved into a table.
constexpr size_t kJournalMost = 24;

}  // namespace

bool DiskLog::Apply(const Batch& batch, Image* image) {
  bool replaced = false;
  for (const consensus::LogWrite& write : batch) {
    if (!write.hard_state.has_value() && !write.position.has_value() && write.records.empty()) {
      continue;
    }
    image->fresh = false;
    if (write.position.has_value()) {
      image->position = *write.position;
      image->records.clear();
    }
    if (write.hard_state.has_value()) image->hard_state = *write.hard_state;
    if (write.records.empty()) continue;
    auto& records = image->records;
    const auto from = records.lower_bound(write.records.front().index);
    replaced = replaced || from != records.end();
    records.erase(from, records.end());
    for (const consensus::LogRecord& record : write.records) {
      records.emplace_hint(records.end(), record.index, record);
    }
  }
  return replaced;
}

absl::StatusOr<consensus::LogContents> DiskLog::Load() {
  if (table_flipped_) {
    return absl::DataLossError(
        "open log: Corruption: block checksum mismatch in log/000012.sst: the log is damaged");
  }
  if (flip_at_.has_value()) {
    journal_.resize(std::min(journal_.size(), *flip_at_));
    synced_ = journal_.size();
    flip_at_.reset();
  }
  Image image = tables_;
  for (const Batch& batch : journal_) Apply(batch, &image);
  image.records.erase(image.records.begin(), image.records.lower_bound(keep_from_));
  next_index_ =
      image.records.empty() ? image.position.index + 1 : image.records.rbegin()->first + 1;
  consensus::LogContents contents = {
      .fresh = image.fresh, .hard_state = image.hard_state, .position = image.position};
  contents.records.reserve(image.records.size());
  for (auto& [index, record] : image.records) contents.records.push_back(std::move(record));
  return contents;
}

absl::Status DiskLog::Write(const std::vector<consensus::LogWrite>& writes) {
  ROOKERY_RETURN_IF_ERROR(gate_->Step("append to the log"));
  bool sync = false;
  for (const consensus::LogWrite& write : writes) {
    sync = sync || write.must_sync;
    if (write.position.has_value()) {
      next_index_ = write.position->index + 1;
      keep_from_ = 0;
    }
    if (write.records.empty()) continue;
    if (write.records.front().index < next_index_) ++truncations_;
    next_index_ = write.records.back().index + 1;
  }
  journal_.push_back(writes);
  if (!sync) return absl::OkStatus();
  ROOKERY_RETURN_IF_ERROR(gate_->Step("sync the log"));
  synced_ = journal_.size();
  while (journal_.size() > kJournalMost) {
    Apply(journal_.front(), &tables_);
    journal_.pop_front();
    --synced_;
    // What is in memory reached the table whole.
    if (flip_at_.has_value())
      flip_at_ = *flip_at_ == 0 ? std::nullopt : std::optional(*flip_at_ - 1);
  }
  gate_->Pass("acknowledge the log");
  return absl::OkStatus();
}

absl::Status DiskLog::Trim(uint64_t keep_from) {
  ROOKERY_RETURN_IF_ERROR(gate_->Step("trim the log"));
  keep_from_ = keep_from;
  auto& records = tables_.records;
  records.erase(records.begin(), records.lower_bound(keep_from));
  return absl::OkStatus();
}

int DiskLog::LosePower() {
  const size_t unsynced = journal_.size() - synced_;
  if (unsynced == 0) return 0;
  const size_t kept = gate_->random().Below(unsynced + 1);
  journal_.resize(synced_ + kept);
  synced_ = journal_.size();
  return static_cast<int>(unsynced - kept);
}

void DiskLog::Wipe() {
  tables_ = {};
  journal_.clear();
  synced_ = 0;
  keep_from_ = 0;
  table_flipped_ = false;
  flip_at_.reset();
}

bool DiskLog::Flip() {
  if (synced_ == 0) return false;
  if (!tables_.fresh && gate_->random().Below(3) == 0) {
    table_flipped_ = true;
    return true;
  }
  flip_at_ = gate_->random().Below(synced_);
  return true;
}

}  // namespace rookery::sim
