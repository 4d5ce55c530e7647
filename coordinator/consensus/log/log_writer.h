// Writes the log without making the core wait: what queues up while one write is under way is
// joined into the next, with one sync.
#pragma once

#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/durations.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/log/durable_mark.h"
#include "coordinator/consensus/log/log_store.h"

namespace rookery::consensus {

class LogWriter {
 public:
  // `background` runs the writes and nothing else; all pointers outlive the writer's work: destroy
  // the background executor first. `on_durable(number)` comes on the core, rising. `first` is what
  // the log holds now. An error of the store ends the process.
  LogWriter(Executor* core, BackgroundExecutor* background, LogStore* store, DurableMarkFile* mark,
            const Clock* clock, const LogContents& first,
            absl::AnyInvocable<void(uint64_t number)> on_durable);
  ~LogWriter();

  // Core executor. Numbers rise. Reported once it and all before it are durable.
  void Write(uint64_t number, LogWrite write);
  // Forgets records below keep_from, after the writes queued so far.
  void Trim(uint64_t keep_from);

  bool idle() const { return !writing_ && queue_.empty(); }
  // When the write under way began, 0 if none is.
  int64_t writing_since_us() const { return writing_since_us_; }
  // A running mean of what a write takes.
  int64_t usual_write_us() const { return usual_write_us_; }
  const Durations& write_times() const { return write_times_; }

 private:
  void Next();
  void OnWritten(uint64_t number);
  DurableMark MarkAfter(const std::vector<LogWrite>& writes);

  Executor* const core_;
  BackgroundExecutor* const background_;
  LogStore* const store_;
  DurableMarkFile* const mark_file_;
  const Clock* const clock_;
  absl::AnyInvocable<void(uint64_t)> on_durable_;
  DurableMark mark_;  // after everything handed to the background
  std::vector<LogWrite> queue_;
  uint64_t queue_number_ = 0;  // of the newest in queue_
  uint64_t trim_ = 0;          // 0: nothing to trim
  bool writing_ = false;
  int64_t writing_since_us_ = 0;
  int64_t usual_write_us_ = 1000;
  bool syncing_ = false;  // the write under way has more than a trim
  Durations write_times_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::consensus
