// A program that this one starts and ends, by its process id.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rookery::broker_sim {

class Process {
 public:
  Process() = default;
  // `arguments` begin with the program's path; its output is added to `log_file`. It is killed when
  // the thread that started it ends. Internal: the system refused.
  static absl::StatusOr<Process> Start(std::vector<std::string> arguments,
                                       const std::string& log_file);
  ~Process() { Kill(); }
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  bool Running();
  // SIGKILL, and waits for the end.
  void Kill();
  pid_t pid() const { return pid_; }  // 0: none

 private:
  pid_t pid_ = 0;
};

// True if a socket with this local port of 127.0.0.0/8 belongs to the process: who is at the other
// end of a connection. Reads /proc, so it works for processes of the same user.
bool OwnsPort(pid_t pid, uint16_t port);

}  // namespace rookery::broker_sim
