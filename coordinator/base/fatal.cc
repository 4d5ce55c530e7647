#include "coordinator/base/fatal.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "coordinator/base/logging.h"

namespace rookery {
namespace {

Ender g_ender = nullptr;

}  // namespace

void SetEnder(Ender ender) { g_ender = ender; }
Ender GetEnder() { return g_ender; }

void EndProcess(absl::string_view text) {
  LogError(text);
  if (g_ender != nullptr) g_ender(text, /*failed_check=*/false);
  FlushLogs();
  std::fprintf(stderr, "rookery: %s\n", std::string(text).c_str());
  std::fflush(stderr);
  _exit(70);  // no destructors: other threads still run
}

}  // namespace rookery
