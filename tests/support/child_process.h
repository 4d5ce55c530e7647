// A process that a test starts and ends by its id.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace rookery::testing {

class ChildProcess {
 public:
  ChildProcess() = default;
  // Starts `arguments` (the program first, looked up in PATH); its output goes to `log_file`.
  ChildProcess(const std::vector<std::string>& arguments, const std::string& log_file);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;

  bool Running();
  void Signal(int signal);
  // Sends SIGKILL and waits.
  void Kill();

 private:
  pid_t pid_ = 0;  // 0: none
};

}  // namespace rookery::testing
