#include "coordinator/base/fatal.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "coordinator/base/logging.h"

namespace rookery {

void EndProcess(absl::string_view text) {
  LogError(text);
  FlushLogs();
  std::fprintf(stderr, "rookery: %s\n", std::string(text).c_str());
  std::fflush(stderr);
  _exit(70);  // no destructors: other threads still run
}

}  // namespace rookery
