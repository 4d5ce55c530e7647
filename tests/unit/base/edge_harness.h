// The executor and network of a process, real (a thread and TCP on loopback) and simulated, behind
// one face, for tests that both must pass.
#pragma once

#include <functional>
#include <memory>

#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"

namespace rookery {

class EdgeHarness {
 public:
  virtual ~EdgeHarness() = default;
  virtual Executor* executor() = 0;
  virtual Network* network() = 0;
  virtual BackgroundExecutor* background() = 0;
  // Microseconds by the clock that timers run on.
  virtual int64_t NowUs() = 0;
  // Runs `task` on the executor, and returns when it is done.
  virtual void Do(std::function<void()> task) = 0;
  // Waits until `done` holds, asked on the executor. False: not within 20 seconds.
  virtual bool WaitFor(std::function<bool()> done) = 0;
};

std::unique_ptr<EdgeHarness> RealEdges();
std::unique_ptr<EdgeHarness> SimulatedEdges();

}  // namespace rookery
