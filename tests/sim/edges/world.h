// A virtual clock and what happens on it: every process of a simulation, its timers and its network
// are events here, run one at a time in one order.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"

namespace rookery::sim {

class Process;
class SimNetwork;

// Thrown where a simulated process ends: by the product through EndProcess or a failed check, by a
// disk on which a crash was waiting. World catches it around each event.
struct ProcessEnded {
  enum class Kind { kFatal, kFailedCheck, kCrash } kind;
  std::string text;
};

class World : public Clock {
 public:
  World();
  ~World() override;

  int64_t NowUs() const override { return now_us_; }
  int64_t WallMs() const override { return now_us_ / 1000; }

  // Runs events until `done` holds, which is asked before each. False: it did not within `us` of
  // virtual time.
  bool RunUntil(const std::function<bool()>& done, int64_t us = 20'000'000);
  void RunFor(int64_t us);

  // Runs `task` in `process` (null: in none) at that time, after what was scheduled before. While
  // the process is paused it waits; once the process was killed it is dropped.
  TimerId Schedule(int64_t at_us, Process* process, Task task);
  // Destroys a task that has not begun; others are ignored.
  void Cancel(TimerId timer);
  // Destroys the events of a process, or all (null), unrun; what they hold may schedule more.
  void DropEvents(Process* process);
  // What waited while the process was paused is due now.
  void Release(Process* process);

  SimNetwork& network() { return *network_; }
  // Whose event runs now; null: nobody's.
  Process* running() const { return running_; }
  uint64_t events() const { return events_; }

  // A process ended itself: the event that it was in has been left by an exception, and its objects
  // still stand. Called from no event. Empty: the exception goes on.
  std::function<void(Process*, const ProcessEnded&)> on_end;

 private:
  struct Slot {
    Task task;
    Process* process = nullptr;
    uint64_t life = 0;
    uint32_t generation = 0;
    bool used = false;
  };
  struct Key {
    int64_t at_us;
    uint64_t sequence;
    uint32_t slot;
    uint32_t generation;
    // For a heap whose front is the earliest.
    bool operator<(const Key& other) const {
      return at_us != other.at_us ? at_us > other.at_us : sequence > other.sequence;
    }
  };
  bool RunOne(int64_t until_us);
  void Push(int64_t at_us, uint32_t slot);
  Slot Take(uint32_t slot);

  int64_t now_us_ = 1'000'000;
  uint64_t sequence_ = 0;
  uint64_t events_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::vector<Key> heap_;      // cancelled ones stay until their time
  std::vector<Key> deferred_;  // of paused processes, in their order
  Process* running_ = nullptr;
  std::unique_ptr<SimNetwork> network_;
};

}  // namespace rookery::sim
