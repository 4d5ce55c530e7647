// An edge: reads /proc and asks the system for names.
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
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

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "?" : value;
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
  facts.environment = {
      {"host.name", host},
      {"os.name", system.sysname},
      {"os.arch", system.machine},
      {"os.version", system.release},
      {"user.name", Variable("USER")},
      {"user.home", Variable("HOME")},
      {"user.dir", std::filesystem::current_path(error).string()},
      {"os.memory.total", absl::StrCat(pages * sysconf(_SC_PAGESIZE) >> 20, "MB")},
  };
  return facts;
}

}  // namespace rookery::frontend
