#include "coordinator/base/net/asio_core.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/base/check.h"
#include "coordinator/base/net/tcp.h"

namespace rookery {

namespace asio = boost::asio;

namespace {

constexpr size_t kTaskRoomKept = 4096;  // what a burst took beyond that is given back

}  // namespace

struct AsioCore::State {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  std::atomic<std::thread::id> runner;
  std::thread thread;
  std::atomic<bool> stopped = false;

  // One wake-up serves all tasks that were posted before it runs.
  std::mutex mutex;
  std::vector<Task> posted;   // guarded by mutex
  bool drain_posted = false;  // guarded by mutex

  // Core thread only.
  std::vector<Task> running;  // empty but for its room, which posted gets back, unless in Drain()
  std::map<TimerId, asio::steady_timer> timers;
  TimerId last_timer = 0;
  std::unique_ptr<asio::signal_set> signals;

  void Drain() {
    {
      const std::lock_guard lock(mutex);
      running.swap(posted);
      drain_posted = false;
    }
    for (Task& task : running) {
      if (stopped) break;
      task();
      task = nullptr;  // what it holds goes before the next one runs
    }
    running.clear();
    if (running.capacity() > kTaskRoomKept) std::vector<Task>().swap(running);
  }
};

AsioCore::AsioCore() : state_(std::make_shared<State>()) {}

AsioCore::~AsioCore() {
  Stop();
  // Tasks and timers may own things that post again: break the circle here.
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(state_->mutex);
    tasks.swap(state_->posted);
  }
  tasks.clear();
  state_->timers.clear();
}

void AsioCore::Run() {
  state_->runner = std::this_thread::get_id();
  state_->io.run();
}

void AsioCore::Start(std::string name) {
  ROOKERY_CHECK(!state_->thread.joinable()) << "started twice";
  state_->thread = std::thread([this, name = std::move(name)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    Run();
  });
}

void AsioCore::Stop() {
  state_->stopped = true;
  state_->io.stop();
  if (state_->thread.joinable() && state_->thread.get_id() != std::this_thread::get_id()) {
    state_->thread.join();
  }
}

void AsioCore::OnTerminationSignal(absl::AnyInvocable<void(int signal)> on_signal) {
  state_->signals = std::make_unique<asio::signal_set>(state_->io, SIGTERM, SIGINT);
  state_->signals->async_wait([on_signal = std::move(on_signal)](
                                  const boost::system::error_code& error, int signal) mutable {
    if (!error) on_signal(signal);
  });
}

void AsioCore::Post(Task task) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->posted.push_back(std::move(task));
    if (std::exchange(state_->drain_posted, true)) return;
  }
  asio::post(state_->io, [state = state_.get()] { state->Drain(); });
}

TimerId AsioCore::RunAfter(int64_t delay_us, Task task) {
  const TimerId id = ++state_->last_timer;
  auto [at, inserted] = state_->timers.emplace(id, state_->io);
  at->second.expires_after(std::chrono::microseconds(delay_us));
  at->second.async_wait([state = state_.get(), id,
                         task = std::move(task)](const boost::system::error_code& error) mutable {
    if (error || state->timers.erase(id) == 0) return;
    task();
  });
  return id;
}

void AsioCore::Cancel(TimerId timer) { state_->timers.erase(timer); }

bool AsioCore::IsCurrent() const { return state_->runner == std::this_thread::get_id(); }

absl::StatusOr<std::unique_ptr<Listener>> AsioCore::Listen(const Address& address,
                                                           OnAccept on_accept) {
  return ListenTcp(state_->io, address, std::move(on_accept));
}

void AsioCore::Connect(const Address& address, int64_t timeout_us, OnConnect done) {
  ConnectTcp(state_->io, address, timeout_us, std::move(done));
}

}  // namespace rookery
