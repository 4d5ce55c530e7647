// Brings frozen layers into the base, in order, as few batches as possible: while one is written,
// what freezes meanwhile waits and goes out together.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "coordinator/base/executor.h"
#include "coordinator/store/base.h"
#include "coordinator/store/layer/node_memory.h"

namespace rookery::store {

// Core executor only. The executors outlive it.
class Flusher {
 public:
  using Done = absl::AnyInvocable<void(absl::Status)>;
  // Runs on the flush executor.
  using Action = absl::AnyInvocable<void(const absl::Status&)>;

  // `on_flushed` is called on the core whenever layers have left memory's stack.
  Flusher(Executor* core, BackgroundExecutor* background, std::shared_ptr<Base> base,
          std::shared_ptr<NodeMemory> memory, uint32_t frozen_layers_max,
          absl::AnyInvocable<void()> on_flushed);

  // Freezes and writes all changes; `done` when the base has everything from before the call.
  // Once a write has failed nothing is written any more, and everybody is told that failure: a
  // later layer on a base without an earlier one would be the state of no entry.
  void Flush(Done done);
  // The same, and `action` is run while the base has exactly the state of this call.
  void FlushAnd(Action action);

  // Begins no more writes; the one under way may finish.
  void Stop() { stopped_ = true; }
  // Goes on after Stop, with everything from before settled by a newer base: who waits for a flush
  // is told so, actions are told that they are aborted.
  void Restart(std::shared_ptr<NodeMemory> memory);

  uint64_t stacked() const { return stacked_; }  // times that a layer froze upon another
  uint64_t flushes() const { return flushes_; }
  // As of the last flush, or newer.
  const Base::Health& health() const { return health_; }
  void RefreshHealth();

 private:
  // Parallel to NodeMemory::frozen().
  struct Waiting {
    std::shared_ptr<Layer> layer;
    std::vector<Done> done;
    std::vector<Action> actions;
  };

  void FreezeChanges();
  void StartWrite();
  void OnWritten(const absl::Status& status, const Base::Health& health);
  void DropGarbage();
  // Tells all that wait.
  void FailWaiting();

  Executor* const core_;
  BackgroundExecutor* const background_;
  const std::shared_ptr<Base> base_;
  std::shared_ptr<NodeMemory> memory_;
  const uint32_t frozen_layers_max_;
  absl::AnyInvocable<void()> on_flushed_;
  std::deque<Waiting> waiting_;  // oldest first
  size_t writing_ = 0;           // so many of them are in the batch under way
  bool stopped_ = false;
  absl::Status failure_;  // of a write; final but for a Restart
  uint64_t round_ = 0;    // counts Restart
  uint64_t flushes_ = 0;
  uint64_t stacked_ = 0;
  Base::Health health_;
  std::shared_ptr<Flusher*> self_;  // tasks hold it weakly
};

}  // namespace rookery::store
