#include "coordinator/base/coroutine/async.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace rookery::broker_sim {
namespace {

// Runs posted tasks, and timers in order, when told.
class ManualExecutor final : public Executor {
 public:
  void Post(Task task) override { posted_.push_back(std::move(task)); }
  TimerId RunAfter(int64_t delay_us, Task task) override {
    timers_.emplace(now_us_ + delay_us, std::move(task));
    return ++last_;
  }
  void Cancel(TimerId) override {}
  bool IsCurrent() const override { return true; }

  void Run() {
    while (!posted_.empty() || !timers_.empty()) {
      if (!posted_.empty()) {
        Task task = std::move(posted_.front());
        posted_.pop_front();
        task();
        continue;
      }
      auto first = timers_.extract(timers_.begin());
      now_us_ = first.key();
      first.mapped()();
    }
  }

 private:
  std::deque<Task> posted_;
  std::multimap<int64_t, Task> timers_;
  int64_t now_us_ = 0;
  TimerId last_ = 0;
};

struct Counted {
  explicit Counted(int* alive) : alive(alive) { ++*alive; }
  Counted(const Counted& other) : alive(other.alive) { ++*alive; }
  ~Counted() { --*alive; }
  int* alive;
};

Async<int> Twice(Executor* executor, int value) {
  co_await Sleep(executor, 10);
  co_return 2 * value;
}

Async<> Collect(Executor* executor, std::vector<int>* out) {
  for (int i = 1; i <= 3; ++i) out->push_back(co_await Twice(executor, i));
}

TEST(AsyncTest, AwaitsInOrder) {
  ManualExecutor executor;
  std::vector<int> out;
  Scope scope;
  scope.Spawn(Collect(&executor, &out));
  EXPECT_TRUE(out.empty());
  executor.Run();
  EXPECT_EQ(out, (std::vector<int>{2, 4, 6}));
}

Async<> Hold(Executor* executor, Counted counted, bool* finished) {
  co_await Sleep(executor, 1000);
  *finished = true;
}

TEST(AsyncTest, AClearedScopeEndsCoroutinesWhereTheyStand) {
  ManualExecutor executor;
  int alive = 0;
  bool finished = false;
  Scope scope;
  Counted counted(&alive);
  scope.Spawn(Hold(&executor, counted, &finished));
  EXPECT_EQ(alive, 2);
  scope.Clear();
  EXPECT_EQ(alive, 1);
  executor.Run();  // the timer fires into nothing
  EXPECT_FALSE(finished);
}

Async<> Track(Executor* executor, int* running, int* most, int* done) {
  *most = std::max(*most, ++*running);
  co_await Sleep(executor, 10);
  --*running;
  ++*done;
}

Async<> TrackMany(Executor* executor, int count, size_t width, int* most, int* done) {
  int running = 0;
  std::vector<Async<>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(Track(executor, &running, most, done));
  co_await RunAll(std::move(tasks), width);
}

TEST(AsyncTest, RunAllBoundsWhatRunsSideBySide) {
  ManualExecutor executor;
  int most = 0;
  int done = 0;
  Scope scope;
  scope.Spawn(TrackMany(&executor, 25, 4, &most, &done));
  executor.Run();
  EXPECT_EQ(done, 25);
  EXPECT_EQ(most, 4);
}

TEST(AsyncTest, RunAllOfNothingEnds) {
  ManualExecutor executor;
  int most = 0;
  int done = 0;
  Scope scope;
  scope.Spawn(TrackMany(&executor, 0, 4, &most, &done));
  executor.Run();
  EXPECT_EQ(done, 0);
}

Async<> Drain(Mailbox<int>* mailbox, std::vector<int>* out) {
  while (true) out->push_back(co_await mailbox->Next());
}

TEST(AsyncTest, AMailboxKeepsOrderWhetherAwaitedOrNot) {
  ManualExecutor executor;
  Mailbox<int> mailbox(&executor);
  std::vector<int> out;
  mailbox.Push(1);
  Scope scope;
  scope.Spawn(Drain(&mailbox, &out));
  mailbox.Push(2);
  mailbox.Push(3);
  executor.Run();
  mailbox.Push(4);
  executor.Run();
  EXPECT_EQ(out, (std::vector<int>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace rookery::broker_sim
