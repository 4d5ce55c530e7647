// The log in memory, which forgets at a crash what was not synced.
#pragma once

#include <deque>
#include <map>
#include <mutex>

#include "coordinator/consensus/log/log_store.h"

namespace rookery::consensus {

class MemoryLogStore final : public LogStore {
 public:
  absl::StatusOr<LogContents> Load() override;
  absl::Status Write(const std::vector<LogWrite>& writes) override;
  absl::Status Trim(uint64_t keep_from) override;

  // The process or machine dies: back to what was synced last.
  void Crash();
  // What would be left now.
  LogContents LoadSynced();

 private:
  struct Image {
    bool fresh = true;
    HardState hard_state;
    LogPosition position;
    std::map<uint64_t, LogRecord> records;
  };
  static LogContents ContentsOf(Image image);
  static void Apply(const LogWrite& write, Image* image);

  std::mutex mutex_;
  Image durable_;                  // guarded by mutex_
  std::deque<LogWrite> unsynced_;  // guarded by mutex_; on top of durable_
};

}  // namespace rookery::consensus
