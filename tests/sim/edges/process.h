// A process: its executors, its clocks and its end of the network.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "tests/sim/edges/world.h"

namespace rookery::sim {

// Its core executor, network and clocks. After Kill() it may be used again, as the next process on
// the same machine.
class Process : public Executor, public Network, public Clock {
 public:
  explicit Process(World* world, std::string name = "") : world_(world), name_(std::move(name)) {}
  ~Process() override { Kill(); }

  // As kill -9: everything it runs is dropped, and the kernel resets its connections. Destroy the
  // objects that live on it afterwards. With `silent_us`, as a power failure: nobody hears of it
  // for so long, and nobody can connect before PowerOn().
  void Kill(int64_t silent_us = 0);
  void PowerOn() { powered_ = true; }
  bool powered() const { return powered_; }

  // As SIGSTOP and SIGCONT: nothing runs in it, its connections stay.
  void Pause() { paused_ = true; }
  void Resume();
  bool paused() const { return paused_; }

  // From now on its clock gains this many millionths (also negative).
  void SetDrift(int64_t millionths);
  // Its wall time jumps, as when somebody sets it.
  void JumpWall(int64_t ms) { wall_offset_ms_ += ms; }

  const std::string& name() const { return name_; }
  uint64_t life() const { return life_; }  // how often it was killed

  // What is posted from now on comes so much later, until this is set back to 0: it is posted by a
  // thread that is ahead of the core.
  void SetPostDelay(int64_t us) { post_delay_us_ = us; }

  // Executor.
  void Post(Task task) override;
  TimerId RunAfter(int64_t delay_us, Task task) override;
  void Cancel(TimerId timer) override { world_->Cancel(timer); }
  bool IsCurrent() const override { return true; }

  // Network.
  absl::StatusOr<std::unique_ptr<Listener>> Listen(const Address& address,
                                                   OnAccept on_accept) override;
  void Connect(const Address& address, int64_t timeout_us, OnConnect done) override;

  // Clock.
  int64_t NowUs() const override;
  int64_t WallMs() const override { return NowUs() / 1000 + wall_offset_ms_; }

 private:
  World* const world_;
  const std::string name_;
  uint64_t life_ = 0;
  bool paused_ = false;
  bool powered_ = true;
  int64_t drift_ = 0;
  int64_t drift_since_us_ = 0;  // of the world's time
  int64_t drifted_us_ = 0;      // gained before that
  int64_t wall_offset_ms_ = 0;
  int64_t post_delay_us_ = 0;
};

// A background thread of a process: one piece of work at a time, each takes `work_us`. What a piece
// reads and changes, it does in one moment; `late_us` of its time may lie behind that, so that the
// core, and a crash, find the disk ahead of what the core was told.
class Background : public BackgroundExecutor {
 public:
  explicit Background(Process* process) : process_(process) {}
  void Run(Task task) override;
  int64_t work_us = 50;
  std::function<int64_t()> extra_us;  // of a disk that is slow now; may be empty
  std::function<int64_t()> late_us;   // between a piece's moment and its end; may be empty
  bool stuck = false;                 // nothing is done until it is set free
  void SetFree();

 private:
  void Next();
  void Do();
  Process* const process_;
  std::deque<Task> waiting_;
  bool busy_ = false;
};

}  // namespace rookery::sim
