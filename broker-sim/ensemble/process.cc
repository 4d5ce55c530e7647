#include "broker-sim/ensemble/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rookery::broker_sim {

absl::StatusOr<Process> Process::Start(std::vector<std::string> arguments,
                                       const std::string& log_file) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Process process;
  // Other threads may hold locks of the heap: between fork and exec only system calls.
  process.pid_ = fork();
  if (process.pid_ < 0) {
    process.pid_ = 0;
    return absl::InternalError(absl::StrCat("cannot start a process: ", std::strerror(errno)));
  }
  if (process.pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Ctrl-C in a terminal is for the program that started it, which ends it in order.
    setpgid(0, 0);
    const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
      dup2(log, STDOUT_FILENO);
      dup2(log, STDERR_FILENO);
    }
    execv(argv[0], argv.data());
    _exit(127);
  }
  return process;
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

Process& Process::operator=(Process&& other) noexcept {
  Kill();
  pid_ = std::exchange(other.pid_, 0);
  return *this;
}

bool Process::Running() {
  if (pid_ == 0) return false;
  if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

void Process::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

namespace {

// Inodes of the sockets with this local port. Columns: sl local_address rem_address st tx:rx
// tr:when retrnsmt uid timeout inode.
std::set<std::string> InodesOf(uint16_t port) {
  std::set<std::string> inodes;
  const std::string wanted = absl::StrCat(":", absl::Hex(port, absl::kZeroPad4));
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream in(table);
    for (std::string line; std::getline(in, line);) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipWhitespace());
      if (words.size() < 10) continue;
      std::string local = words[1];
      for (char& c : local) c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
      if (absl::EndsWith(local, wanted)) inodes.insert(absl::StrCat("socket:[", words[9], "]"));
    }
  }
  return inodes;
}

}  // namespace

bool OwnsPort(pid_t pid, uint16_t port) {
  const std::set<std::string> inodes = InodesOf(port);
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/fd"), error)) {
    const std::filesystem::path to = std::filesystem::read_symlink(entry.path(), error);
    if (!error && inodes.contains(to.string())) return true;
  }
  return false;
}

}  // namespace rookery::broker_sim
