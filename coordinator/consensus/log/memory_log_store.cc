#include "coordinator/consensus/log/memory_log_store.h"

namespace rookery::consensus {

absl::StatusOr<LogContents> MemoryLogStore::Load() {
  const std::lock_guard lock(mutex_);
  Image image = durable_;
  for (const LogWrite& write : unsynced_) Apply(write, &image);
  return ContentsOf(std::move(image));
}

LogContents MemoryLogStore::LoadSynced() {
  const std::lock_guard lock(mutex_);
  return ContentsOf(durable_);
}

LogContents MemoryLogStore::ContentsOf(Image image) {
  LogContents contents = {
      .fresh = image.fresh, .hard_state = image.hard_state, .position = image.position};
  for (auto& [index, record] : image.records) contents.records.push_back(std::move(record));
  return contents;
}

absl::Status MemoryLogStore::Write(const std::vector<LogWrite>& writes) {
  const std::lock_guard lock(mutex_);
  bool sync = false;
  for (const LogWrite& write : writes) {
    unsynced_.push_back(write);
    sync = sync || write.must_sync;
  }
  if (!sync) return absl::OkStatus();
  for (const LogWrite& write : unsynced_) Apply(write, &durable_);
  unsynced_.clear();
  return absl::OkStatus();
}

absl::Status MemoryLogStore::Trim(uint64_t keep_from) {
  const std::lock_guard lock(mutex_);
  auto& records = durable_.records;
  records.erase(records.begin(), records.lower_bound(keep_from));
  return absl::OkStatus();
}

void MemoryLogStore::Crash() {
  const std::lock_guard lock(mutex_);
  unsynced_.clear();
}

void MemoryLogStore::Apply(const LogWrite& write, Image* image) {
  image->fresh = false;
  if (write.position.has_value()) {
    image->position = *write.position;
    image->records.clear();
  }
  if (write.hard_state.has_value()) image->hard_state = *write.hard_state;
  if (write.records.empty()) return;
  auto& records = image->records;
  records.erase(records.lower_bound(write.records.front().index), records.end());
  for (const LogRecord& record : write.records) records[record.index] = record;
}

}  // namespace rookery::consensus
