// One thread of virtual time for a whole ensemble: executor, clock, and background work that runs
// as a task like any other.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::service {

class VirtualCore final : public Executor, public BackgroundExecutor, public Clock {
 public:
  void Post(Task task) override { RunAfter(0, std::move(task)); }
  void Run(Task task) override { RunAfter(background_delay_us, std::move(task)); }
  TimerId RunAfter(int64_t delay_us, Task task) override {
    events_.emplace(std::pair{now_us_ + delay_us, ++last_}, std::move(task));
    times_[last_] = now_us_ + delay_us;
    return last_;
  }
  void Cancel(TimerId timer) override {
    const auto at = times_.find(timer);
    if (at == times_.end()) return;
    events_.erase({at->second, timer});
    times_.erase(at);
  }
  bool IsCurrent() const override { return true; }
  int64_t NowUs() const override { return now_us_; }
  int64_t WallMs() const override { return 1'700'000'000'000 + now_us_ / 1000; }

  // Runs events until `done` holds; false if it does not within `limit_us`.
  bool RunUntil(const std::function<bool()>& done, int64_t limit_us = 30'000'000) {
    const int64_t end_us = now_us_ + limit_us;
    while (!done()) {
      if (events_.empty() || events_.begin()->first.first > end_us) return false;
      RunOne();
    }
    return true;
  }
  void RunFor(int64_t us) {
    const int64_t end_us = now_us_ + us;
    while (!events_.empty() && events_.begin()->first.first <= end_us) RunOne();
    now_us_ = end_us;
  }
  // Time passes in which nothing runs, as for a stopped process.
  void Freeze(int64_t us) { now_us_ += us; }

  int64_t background_delay_us = 50;

 private:
  void RunOne() {
    auto event = events_.extract(events_.begin());
    now_us_ = std::max(now_us_, event.key().first);
    times_.erase(event.key().second);
    event.mapped()();
  }

  int64_t now_us_ = 1'000'000;
  TimerId last_ = 0;
  std::map<std::pair<int64_t, TimerId>, Task> events_;
  std::map<TimerId, int64_t> times_;
};

}  // namespace rookery::service
