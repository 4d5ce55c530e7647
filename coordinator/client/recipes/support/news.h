// Waiting for a watch, but not for ever: what a recipe's coroutine keeps while it waits.
#pragma once

#include <cstdint>
#include <memory>

#include "coordinator/base/coroutine/signal.h"
#include "coordinator/client/recipes/support/operations.h"

namespace rookery::client::recipes {

// Lives in the coroutine that waits, on one executor.
class News {
 public:
  // From now on there are `wait_ms`; negative: no end.
  News(Executor* executor, int64_t wait_ms) : executor_(executor) {
    if (wait_ms < 0) return;
    timer_ = executor->RunAfter(wait_ms * 1000, [state = std::weak_ptr(state_), this] {
      const auto held = state.lock();
      if (held == nullptr) return;
      timer_ = 0;
      held->late = true;
      held->told.Notify();
    });
  }
  News(const News&) = delete;
  News& operator=(const News&) = delete;
  ~News() {
    if (timer_ != 0) executor_->Cancel(timer_);
  }

  // Counts as news; does nothing when the coroutine has ended.
  Operations::RepeatedWatch Watch() {
    return [state = std::weak_ptr(state_)](const WatchEvent&) {
      const auto held = state.lock();
      if (held == nullptr) return;
      ++held->count;
      held->told.Notify();
    };
  }
  // What to name in After(): drawn before the read that leaves the watch.
  uint64_t Now() const { return state_->count; }
  bool late() const { return state_->late; }
  // Suspends until there was news after `seen`. False: the time is over.
  Async<bool> After(uint64_t seen) {
    const std::shared_ptr<State> state = state_;
    while (state->count == seen && !state->late) co_await state->told.Wait();
    co_return state->count != seen;
  }

 private:
  struct State {
    explicit State(Executor* executor) : told(executor) {}
    Signal told;
    uint64_t count = 0;
    bool late = false;
  };
  Executor* const executor_;
  std::shared_ptr<State> state_ = std::make_shared<State>(executor_);
  TimerId timer_ = 0;
};

}  // namespace rookery::client::recipes
