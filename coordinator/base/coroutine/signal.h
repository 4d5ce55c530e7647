// Something has happened: wakes every coroutine that waits for it.
#pragma once

#include <utility>
#include <vector>

#include "coordinator/base/coroutine/async.h"

namespace rookery {

class Signal {
 public:
  explicit Signal(Executor* executor) : executor_(executor) {}

  // Those who wait now go on, later on the executor.
  void Notify() {
    for (auto& wake : std::exchange(waiting_, {})) {
      executor_->Post([wake = std::move(wake)]() mutable { wake(true); });
    }
  }

  Async<> Wait() {
    Completion<bool> done;
    waiting_.push_back(done.Callback());
    co_await done;
  }

  // False: nobody notified in time.
  Async<bool> Wait(int64_t timeout_us) {
    Completion<bool> done;
    waiting_.push_back(done.Callback());
    const TimerId timer =
        executor_->RunAfter(timeout_us, [wake = done.Callback()]() mutable { wake(false); });
    const bool notified = co_await done;
    if (notified) executor_->Cancel(timer);
    co_return notified;
  }

 private:
  using Wake = decltype(std::declval<Completion<bool>>().Callback());
  Executor* const executor_;
  std::vector<Wake> waiting_;
};

}  // namespace rookery
