// Processes, a network among them and their disks, all on one virtual clock: for tests of the
// peers.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/file_store.h"
#include "coordinator/base/network.h"

namespace rookery::consensus {

class Process;
class WorldStream;

class World : public Clock {
 public:
  ~World() override { DropEvents(nullptr); }
  int64_t NowUs() const override { return now_us_; }
  int64_t WallMs() const override { return now_us_ / 1000; }

  // Runs events until `done` holds. False: it did not within `us` of virtual time.
  bool RunUntil(const std::function<bool()>& done, int64_t us = 20'000'000);
  void RunFor(int64_t us);

  // Ends every connection between the two; new ones can be made.
  void Reset(Process* a, Process* b);
  // While cut, bytes between the two get lost and connecting takes its timeout.
  void Cut(Process* a, Process* b);
  void Heal(Process* a, Process* b);

  int64_t latency_us = 100;
  // Called for each chunk written by a process; may change it.
  std::function<void(Process* from, Process* to, std::string* bytes)> on_bytes;

 private:
  friend class Process;
  friend class WorldStream;
  friend class WorldListener;

  uint64_t Schedule(int64_t at_us, Process* process, Task task);
  bool RunOne(int64_t until_us);
  // Destroys the events of a process, or all (null), unrun; what they hold may schedule more.
  void DropEvents(Process* process);
  bool IsCut(Process* a, Process* b) const;

  int64_t now_us_ = 1'000'000;
  uint64_t sequence_ = 0;
  struct Event {
    Process* process;
    uint64_t life;
    Task task;
  };
  std::map<std::pair<int64_t, uint64_t>, Event> events_;
  std::map<uint64_t, int64_t> timers_;  // sequence -> time
  std::map<uint16_t, std::pair<Process*, Network::OnAccept*>> listeners_;
  // In the order of their making: the order of addresses would differ from run to run.
  std::map<uint64_t, WorldStream*> streams_;
  uint64_t last_stream_ = 0;
  std::set<std::pair<Process*, Process*>> cuts_;
};

// A process: its executor and network. After Kill() it may Start() again.
class Process : public Executor, public Network {
 public:
  explicit Process(World* world) : world_(world) {}
  ~Process() override { Kill(); }

  // Everything it runs is dropped and its connections are reset, as the kernel does it. Destroy the
  // objects that live on it afterwards.
  void Kill();
  // From now on nothing runs in it, its connections stay (as SIGSTOP).
  bool paused = false;

  void Post(Task task) override;
  TimerId RunAfter(int64_t delay_us, Task task) override;
  void Cancel(TimerId timer) override;
  bool IsCurrent() const override { return true; }

  absl::StatusOr<std::unique_ptr<rookery::Listener>> Listen(const Address& address,
                                                            OnAccept on_accept) override;
  void Connect(const Address& address, int64_t timeout_us, OnConnect done) override;

 private:
  friend class World;
  friend class WorldStream;
  friend class WorldListener;
  World* world_;
  uint64_t life_ = 0;
};

// The disk's thread of a process: one piece of work at a time, each takes `work_us`.
class WorldBackground : public BackgroundExecutor {
 public:
  explicit WorldBackground(Process* process) : process_(process) {}
  void Run(Task task) override;
  int64_t work_us = 50;
  bool stuck = false;  // nothing is done until it is set free
  void SetFree();

 private:
  void Next();
  Process* process_;
  std::deque<Task> waiting_;
  bool busy_ = false;
};

// A directory in memory.
class MemoryFiles : public FileStore {
 public:
  absl::StatusOr<std::string> Read(absl::string_view name) override;
  absl::Status WriteDurably(absl::string_view name, absl::string_view bytes) override;
  absl::Status WriteAt(absl::string_view name, uint64_t offset, absl::string_view bytes) override;

  std::map<std::string, std::string> files;
};

}  // namespace rookery::consensus
