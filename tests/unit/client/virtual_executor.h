// An executor and a clock of virtual time, for tests: nothing happens unless a test asks for it.
#pragma once

#include <deque>
#include <map>
#include <utility>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::client {

class VirtualExecutor final : public Executor, public Clock {
 public:
  void Post(Task task) override { posted_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t delay_us, Task task) override {
    timers_.emplace(std::pair{now_us_ + delay_us, ++last_timer_}, std::move(task));
    return last_timer_;
  }
  void Cancel(TimerId timer) override {
    std::erase_if(timers_, [&](const auto& entry) { return entry.first.second == timer; });
  }
  bool IsCurrent() const override { return true; }
  int64_t NowUs() const override { return now_us_; }
  int64_t WallMs() const override { return now_us_ / 1000; }

  // Runs what is posted until nothing is.
  void RunPosted() {
    while (!posted_.empty()) {
      Task task = std::move(posted_.front());
      posted_.pop_front();
      task();
    }
  }
  // Lets `duration_ms` pass, running every timer in its moment.
  void Pass(int64_t duration_ms) {
    const int64_t end_us = now_us_ + duration_ms * 1000;
    RunPosted();
    while (!timers_.empty() && timers_.begin()->first.first <= end_us) {
      now_us_ = std::max(now_us_, timers_.begin()->first.first);
      Task task = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      task();
      RunPosted();
    }
    now_us_ = end_us;
  }

 private:
  int64_t now_us_ = 1'000'000;
  TimerId last_timer_ = 0;
  std::deque<Task> posted_;
  std::map<std::pair<int64_t, TimerId>, Task> timers_;
};

}  // namespace rookery::client
