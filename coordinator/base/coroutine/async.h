// Coroutines over an executor: long chains of requests (Kafka's algorithms, recipes of
// coordination) read best as such.
//
// An Async does nothing until it is awaited or spawned. Whoever holds it owns its frame: destroying
// a Scope ends every coroutine in it where it stands, which is how a simulated broker is killed.
// One executor, no threads; parameters by value. Aggregates, lambdas and what ?: chooses get a name
// before they go into a co_await: g++ 12 destroys such temporaries twice.
#pragma once

#include <algorithm>
#include <coroutine>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "coordinator/base/check.h"
#include "coordinator/base/executor.h"

namespace rookery {

template <typename T>
class Async;

namespace internal {

struct PromiseBase {
  std::coroutine_handle<> continuation;
  std::suspend_always initial_suspend() noexcept { return {}; }
  void unhandled_exception() { ROOKERY_CHECK(false) << "an exception left a coroutine"; }
  struct Final {
    bool await_ready() noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) noexcept {
      if (done.promise().continuation) return done.promise().continuation;
      return std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  Final final_suspend() noexcept { return {}; }
};

template <typename T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Async<T> get_return_object();
  void return_value(T result) { value = std::move(result); }
  T Take() { return *std::move(value); }
};

template <>
struct Promise<void> : PromiseBase {
  Async<void> get_return_object();
  void return_void() {}
  void Take() {}
};

}  // namespace internal

template <typename T = void>
class [[nodiscard]] Async {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Async(Handle handle) : handle_(handle) {}
  Async(Async&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Async& operator=(Async&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Async() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    handle_.promise().continuation = waiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().Take(); }

  // Runs up to the first suspension without being awaited; wait for the rest by Join().
  void Start() { handle_.resume(); }
  auto Join() {
    struct Joined {
      Handle handle;
      bool await_ready() const { return handle.done(); }
      void await_suspend(std::coroutine_handle<> waiter) { handle.promise().continuation = waiter; }
      void await_resume() {}
    };
    return Joined{handle_};
  }
  bool done() const { return handle_.done(); }

 private:
  Handle handle_;
};

namespace internal {

template <typename T>
Async<T> Promise<T>::get_return_object() {
  return Async<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Async<void> Promise<void>::get_return_object() {
  return Async<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace internal

// Owns coroutines that nobody awaits.
class Scope {
 public:
  // Runs the task up to its first suspension at once. May be called from a task of this scope.
  void Spawn(Async<> task) {
    tasks_.remove_if([](const Async<>& one) { return one.done(); });
    tasks_.push_back(std::move(task));
    tasks_.back().Start();
  }
  // Ends all of them. Not from one of them.
  void Clear() { tasks_.clear(); }

 private:
  std::list<Async<>> tasks_;
};

// A callback's way back into a coroutine: await it, and call the function of Callback() once, later
// (not before the await). If the coroutine ended meanwhile, the call does nothing.
template <typename T>
class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() { state_->waiter = nullptr; }

  auto Callback() {
    return [state = state_](T value) {
      state->value = std::move(value);
      if (const auto waiter = std::exchange(state->waiter, nullptr)) waiter.resume();
    };
  }

  bool await_ready() const { return state_->value.has_value(); }
  void await_suspend(std::coroutine_handle<> waiter) { state_->waiter = waiter; }
  T await_resume() { return *std::move(state_->value); }

 private:
  struct State {
    std::coroutine_handle<> waiter;
    std::optional<T> value;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Suspends for a while.
inline Async<> Sleep(Executor* executor, int64_t delay_us) {
  Completion<bool> done;
  executor->RunAfter(delay_us, [wake = done.Callback()]() mutable { wake(true); });
  co_await done;
}

// Events for one reader, in order.
template <typename Event>
class Mailbox {
 public:
  explicit Mailbox(Executor* executor) : executor_(executor) {}

  void Push(Event event) {
    state_->events.push_back(std::move(event));
    if (!state_->waiter || std::exchange(state_->wake_posted, true)) return;
    executor_->Post([state = state_] {
      state->wake_posted = false;
      if (const auto waiter = std::exchange(state->waiter, nullptr)) waiter.resume();
    });
  }
  // Suspends until there is an event.
  Async<Event> Next() {
    if (state_->events.empty()) {
      Wait wait{state_};
      co_await wait;
    }
    Event event = std::move(state_->events.front());
    state_->events.pop_front();
    co_return event;
  }

 private:
  struct State {
    std::list<Event> events;
    std::coroutine_handle<> waiter;
    bool wake_posted = false;
  };
  struct Wait {
    std::shared_ptr<State> state;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter) { state->waiter = waiter; }
    void await_resume() {}
    ~Wait() { state->waiter = nullptr; }
  };
  Executor* const executor_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Runs tasks side by side, at most `width` at a time, as Kafka pipelines its requests.
inline Async<> RunAll(std::vector<Async<>> tasks, size_t width = 10) {
  struct Lane {
    // Takes the next task until none is left. `tasks` and `next` outlive all lanes.
    static Async<> Run(std::vector<Async<>>* tasks, size_t* next) {
      while (*next < tasks->size()) {
        Async<> task = std::move((*tasks)[(*next)++]);
        co_await task;
      }
    }
  };
  size_t next = 0;
  std::vector<Async<>> lanes;
  for (size_t i = 0; i < std::min(width, tasks.size()); ++i) {
    lanes.push_back(Lane::Run(&tasks, &next));
    lanes.back().Start();
  }
  for (Async<>& lane : lanes) co_await lane.Join();
}

// work(0) to work(count - 1) side by side, at most `width` at a time: for so many that a task for
// each would be too much to hold. `work` outlives it.
template <typename Work>
Async<> RunEach(size_t count, size_t width, Work* work) {
  struct Lane {
    static Async<> Run(Work* work, size_t* next, size_t count) {
      while (*next < count) {
        const size_t mine = (*next)++;
        co_await (*work)(mine);
      }
    }
  };
  size_t next = 0;
  std::vector<Async<>> lanes;
  for (size_t i = 0; i < std::min(width, count); ++i) {
    lanes.push_back(Lane::Run(work, &next, count));
    lanes.back().Start();
  }
  for (Async<>& lane : lanes) co_await lane.Join();
}

}  // namespace rookery
