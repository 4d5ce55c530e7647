// Coroutines for broker logic: Kafka's algorithms are long chains of requests, and read best as
// such.
//
// A Task does nothing until it is awaited or spawned. Whoever holds it owns its frame: destroying a
// Scope ends every coroutine in it where it stands, which is how a broker is killed. One executor,
// no threads; parameters by value.
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

namespace rookery::broker_sim {

template <typename T>
class Task;

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
  Task<T> get_return_object();
  void return_value(T result) { value = std::move(result); }
  T Take() { return *std::move(value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void Take() {}
};

}  // namespace internal

template <typename T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) {
    handle_.promise().continuation = waiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().Take(); }

  void Start() { handle_.resume(); }
  bool done() const { return handle_.done(); }

 private:
  Handle handle_;
};

namespace internal {

template <typename T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace internal

// Owns coroutines that nobody awaits.
class Scope {
 public:
  // Runs the task up to its first suspension at once. May be called from a task of this scope.
  void Spawn(Task<> task) {
    tasks_.remove_if([](const Task<>& one) { return one.done(); });
    tasks_.push_back(std::move(task));
    tasks_.back().Start();
  }
  // Ends all of them. Not from one of them.
  void Clear() { tasks_.clear(); }

 private:
  std::list<Task<>> tasks_;
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
inline Task<> Sleep(Executor* executor, int64_t delay_us) {
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
  Task<Event> Next() {
    if (state_->events.empty()) co_await Wait{state_};
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
inline Task<> RunAll(std::vector<Task<>> tasks, size_t width = 10) {
  struct Shared {
    std::vector<Task<>> tasks;
    size_t next = 0;
  };
  auto shared = std::make_shared<Shared>();
  shared->tasks = std::move(tasks);
  struct Lane {
    static Task<> Run(std::shared_ptr<Shared> shared) {
      while (shared->next < shared->tasks.size()) {
        Task<> task = std::move(shared->tasks[shared->next++]);
        co_await task;
      }
    }
    static Task<> Report(Task<> lane, std::shared_ptr<size_t> left,
                         std::coroutine_handle<>* waiter) {
      co_await lane;
      if (--*left == 0 && *waiter) waiter->resume();
    }
  };
  struct AllDone {
    std::shared_ptr<size_t> left;
    std::coroutine_handle<>* waiter;
    bool await_ready() const { return *left == 0; }
    void await_suspend(std::coroutine_handle<> handle) { *waiter = handle; }
    void await_resume() {}
  };
  const size_t lanes = std::min(width, shared->tasks.size());
  auto left = std::make_shared<size_t>(lanes);
  std::coroutine_handle<> waiter;
  std::vector<Task<>> reports;
  reports.reserve(lanes);
  for (size_t i = 0; i < lanes; ++i) {
    reports.push_back(Lane::Report(Lane::Run(shared), left, &waiter));
    reports.back().Start();
  }
  co_await AllDone{left, &waiter};
}

}  // namespace rookery::broker_sim
