// ROOKERY_CHECK(condition) << "text": ends the process, in release builds too, when something that
// cannot happen has happened. Never for what the network, the disk or a person can cause.
#pragma once

#include <sstream>

namespace rookery {

// Collects the message of a failed check and ends the process when it goes out of scope.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  [[noreturn]] ~CheckFailure();
  std::ostream& stream() { return text_; }

 private:
  std::ostringstream text_;
};

}  // namespace rookery

#define ROOKERY_CHECK(condition) \
  if (condition) [[likely]] {    \
  } else                         \
    ::rookery::CheckFailure(__FILE__, __LINE__, #condition).stream()
