// Time as a value: everything above the edges asks this interface, so that the simulator can own
// it.
#pragma once

#include <cstdint>

namespace rookery {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds on a clock that never goes back; its origin means nothing.
  virtual int64_t NowUs() const = 0;
  // Milliseconds since 1970-01-01 UTC; may jump.
  virtual int64_t WallMs() const = 0;
};

// The machine's clocks. Thread-safe; lives for the whole process.
const Clock& SystemClock();

}  // namespace rookery
