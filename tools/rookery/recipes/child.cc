#include "tools/rookery/recipes/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "coordinator/base/clock.h"

namespace rookery::tools::recipes {
namespace {

constexpr int kCannotRun = 127;

[[noreturn]] void Exec(const Signals& signals, const std::vector<std::string>& command,
                       const Environment& environment) {
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  signals.Restore();
  // Nobody is left to end it when we are killed, and what we hold goes with our session.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execvp(arguments[0], arguments.data());
  std::cerr << "rookery: cannot run " << command[0] << ": " << strerror(errno) << std::endl;
  _exit(kCannotRun);
}

// True once it has ended, with its status as shells say it.
bool Ended(pid_t child, int* status) {
  int raw = 0;
  if (waitpid(child, &raw, WNOHANG) != child) return false;
  *status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
  return true;
}

}  // namespace

int RunCommand(Signals* signals, const std::vector<std::string>& command,
               const Environment& environment, int grace_ms,
               absl::FunctionRef<std::string()> wants_end) {
  const pid_t child = fork();
  if (child == 0) Exec(*signals, command, environment);
  if (child < 0) {
    std::cerr << "rookery: cannot run " << command[0] << ": " << strerror(errno) << "\n";
    return kCannotRun;
  }
  int64_t kill_at_us = 0;  // 0: nobody wants its end
  int status = 0;
  while (!Ended(child, &status)) {
    int wait_ms = -1;
    if (kill_at_us != 0) {
      const int64_t left_ms = (kill_at_us - SystemClock().NowUs()) / 1000;
      if (left_ms <= 0) kill(child, SIGKILL);
      wait_ms = static_cast<int>(left_ms > 0 ? left_ms + 1 : 1000);
    } else if (const std::string reason = wants_end(); !reason.empty()) {
      std::cerr << "rookery: " << reason << ": ending " << command[0] << std::endl;
      kill(child, SIGTERM);
      kill_at_us = SystemClock().NowUs() + grace_ms * 1000LL;
      continue;
    }
    bool from_terminal = false;
    const int signal = signals->Wait(wait_ms, &from_terminal);
    if (signal != 0 && signal != SIGCHLD && !from_terminal) kill(child, signal);
  }
  return status;
}

}  // namespace rookery::tools::recipes
