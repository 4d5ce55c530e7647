// Signals and other threads' news as something to wait for, for tools that run a command.
#pragma once

#include <string>

namespace rookery::tools::recipes {

// While it lives SIGINT, SIGTERM, SIGHUP and SIGCHLD interrupt nothing and are waited for. Made
// before any other thread, which so leaves them alone too. One at a time in a process.
class Signals {
 public:
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  // Waits up to `wait_ms` (negative: no end) for a signal or a Wake(). 0: none, but perhaps a
  // Wake(). Where the terminal sent it, our child got it as well: *from_terminal says so.
  int Wait(int wait_ms, bool* from_terminal = nullptr);
  // Ends a Wait(), the present or the next one. Any thread may call it.
  void Wake();
  // In a child, between fork and exec: signals are as they were.
  void Restore() const;

 private:
  int signals_ = -1;  // file descriptors
  int wakes_ = -1;
};

}  // namespace rookery::tools::recipes
