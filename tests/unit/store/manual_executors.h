// Executors that run when the test says so, in one thread: every order of events can be made.
#pragma once

#include <deque>
#include <map>
#include <utility>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/store/node_store.h"

namespace rookery::store {

class ManualQueue {
 public:
  void Add(Task task) { tasks_.push_back(std::move(task)); }
  bool RunOne() {
    if (tasks_.empty()) return false;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    return true;
  }
  size_t size() const { return tasks_.size(); }
  void Clear() { tasks_.clear(); }

 private:
  std::deque<Task> tasks_;
};

class ManualCore final : public Executor, public ManualQueue {
 public:
  void Post(Task task) override { Add(std::move(task)); }
  TimerId RunAfter(int64_t delay_us, Task task) override {
    timers_[++last_timer_] = std::move(task);
    return last_timer_;
  }
  void Cancel(TimerId timer) override { timers_.erase(timer); }
  bool IsCurrent() const override { return true; }
  // Runs every timer that is set now.
  void Fire() {
    for (auto& [id, task] : std::exchange(timers_, {})) task();
  }

 private:
  std::map<TimerId, Task> timers_;
  TimerId last_timer_ = 0;
};

class ManualBackground final : public BackgroundExecutor, public ManualQueue {
 public:
  void Run(Task task) override { Add(std::move(task)); }
};

class ManualClock final : public Clock {
 public:
  int64_t NowUs() const override { return now_us; }
  int64_t WallMs() const override { return now_us / 1000; }
  int64_t now_us = 1'000'000;
};

struct ManualExecutors {
  ManualCore core;
  ManualBackground load;
  ManualBackground flush;
  ManualClock clock;

  StoreExecutors executors() { return {.core = &core, .load = &load, .flush = &flush}; }
  // Until nothing is left to do.
  void RunAll() {
    while (core.RunOne() || load.RunOne() || flush.RunOne()) {
    }
  }
  void RunCore() {
    while (core.RunOne()) {
    }
  }
};

}  // namespace rookery::store
