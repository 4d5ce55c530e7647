// The real core executor and network of a process: one thread that runs tasks, timers and TCP
// streams (Boost.Asio), so that bytes reach the code above without changing threads.
#pragma once

#include <memory>
#include <string>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"

namespace rookery {

class AsioCore final : public Executor, public Network {
 public:
  AsioCore();
  // Stop() first, unless Run() was never called.
  ~AsioCore() override;

  // Runs on the calling thread until Stop().
  void Run();
  // Runs on a thread of its own, named `name` (at most 15 characters).
  void Start(std::string name);
  // Ends Run() after the task under way; joins the thread of Start() unless called on it. Any
  // thread.
  void Stop();

  // Calls `on_signal` on this executor when the process gets SIGTERM or SIGINT. Once per process.
  void OnTerminationSignal(absl::AnyInvocable<void(int signal)> on_signal);

  void Post(Task task) override;
  TimerId RunAfter(int64_t delay_us, Task task) override;
  void Cancel(TimerId timer) override;
  bool IsCurrent() const override;

  absl::StatusOr<std::unique_ptr<Listener>> Listen(const Address& address,
                                                   OnAccept on_accept) override;
  void Connect(const Address& address, int64_t timeout_us, OnConnect done) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A background executor with one thread of its own, named `name`. Its end waits for the work under
// way; work that has not begun is dropped.
std::unique_ptr<BackgroundExecutor> StartThread(std::string name);

}  // namespace rookery
