// Where code runs. A server has one core executor, on which everything without I/O lives, and a few
// background executors for work that may block. In production they are threads, in the simulator
// events on a virtual clock.
#pragma once

#include <cstdint>

#include "absl/functional/any_invocable.h"

namespace rookery {

using Task = absl::AnyInvocable<void()>;
using TimerId = uint64_t;  // 0: no timer

// One thread's worth of tasks, run one at a time in the order of posting.
class Executor {
 public:
  virtual ~Executor() = default;

  // Runs `task` later on this executor. Any thread may call it. Tasks posted after the executor has
  // stopped are destroyed unrun.
  virtual void Post(Task task) = 0;

  // Runs `task` once, `delay_us` from now. REQUIRES: called on this executor.
  virtual TimerId RunAfter(int64_t delay_us, Task task) = 0;

  // Forgets a timer; one that has run or was cancelled is ignored. REQUIRES: on this executor.
  virtual void Cancel(TimerId timer) = 0;

  // True on this executor; for checks of the thread a caller stands on.
  virtual bool IsCurrent() const = 0;
};

// Work that may block on a disk (flush, load, scan, checkpoint), first in, first out. The work
// posts its result to the core executor itself.
class BackgroundExecutor {
 public:
  virtual ~BackgroundExecutor() = default;
  // Any thread may call it.
  virtual void Run(Task task) = 0;
};

}  // namespace rookery
