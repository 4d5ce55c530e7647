#include "coordinator/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "coordinator/base/fatal.h"

namespace rookery {

CheckFailure::CheckFailure(const char* file, int line, const char* condition) {
  text_ << file << ":" << line << ": check failed: " << condition << " ";
}

CheckFailure::~CheckFailure() {
  if (const Ender ender = GetEnder(); ender != nullptr) ender(text_.str(), /*failed_check=*/true);
  std::fprintf(stderr, "%s\n", text_.str().c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace rookery
