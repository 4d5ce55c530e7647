// An edge: reads /proc and asks the system for names.
#include <pwd.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "coordinator/frontend/commands/facts.h"

namespace rookery::frontend {
namespace {

int64_t CountOpenFiles() {
  std::error_code error;
  int64_t count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
       at.increment(error)) {
    ++count;
  }
  return count;
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t size_pages = 0;
  int64_t resident_pages = 0;
  statm >> size_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

// As Java finds them: who the process runs as, whatever its environment says.
struct User {
  std::string name = "?";
  std::string home = "?";
};
User ReadUser() {
  std::array<char, 16384> text;
  passwd row{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &row, text.data(), text.size(), &found) != 0 || found == nullptr) {
    return {};
  }
  return {.name = row.pw_name, .home = row.pw_dir};
}

}  // namespace

ProcessFacts ReadProcessFacts() {
  ProcessFacts facts;
  facts.open_files = CountOpenFiles();
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    facts.open_files_max = static_cast<int64_t>(files.rlim_cur);
  }
  facts.resident_bytes = ResidentBytes();
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    facts.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  utsname system{};
  uname(&system);
  std::error_code error;
  const int64_t pages = sysconf(_SC_PHYS_PAGES);
  const User user = ReadUser();
  facts.environment = {
      {"host.name", host},
      {"os.name", system.sysname},
      {"os.arch", system.machine},
      {"os.version", system.release},
      {"user.name", user.name},
      {"user.home", user.home},
      {"user.dir", std::filesystem::current_path(error).string()},
      {"os.memory.total", absl::StrCat(pages * sysconf(_SC_PAGESIZE) >> 20, "MB")},
  };
  return facts;
}

uint64_t DirectoryBytes(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;  // files come and go meanwhile
    const uint64_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace rookery::frontend
