// The executor of one broker, which can be halted as SIGSTOP halts a process: tasks and timers wait
// and run late.
#pragma once

#include <vector>

#include "coordinator/base/executor.h"

namespace rookery::broker_sim {

// Everything comes on `base`, which outlives this and all of its tasks.
class PausableExecutor final : public Executor {
 public:
  explicit PausableExecutor(Executor* base) : base_(base) {}

  void Pause() { paused_ = true; }
  void Resume() {
    paused_ = false;
    for (Task& task : std::exchange(waiting_, {})) base_->Post(std::move(task));
  }
  bool paused() const { return paused_; }

  void Post(Task task) override { base_->Post(Guard(std::move(task))); }
  TimerId RunAfter(int64_t delay_us, Task task) override {
    return base_->RunAfter(delay_us, Guard(std::move(task)));
  }
  void Cancel(TimerId timer) override { base_->Cancel(timer); }
  bool IsCurrent() const override { return base_->IsCurrent(); }

 private:
  Task Guard(Task task) {
    return [this, task = std::move(task)]() mutable {
      if (paused_) {
        waiting_.push_back(std::move(task));
      } else {
        task();
      }
    };
  }
  Executor* const base_;
  bool paused_ = false;
  std::vector<Task> waiting_;
};

}  // namespace rookery::broker_sim
