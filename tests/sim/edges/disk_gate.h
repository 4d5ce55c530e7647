// What a simulated disk does at each step of a piece of work: it may be the last, or there may be
// no room. Private to edges/.
#pragma once

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/random.h"

namespace rookery::sim {

class DiskGate {
 public:
  explicit DiskGate(uint64_t seed) : random_(seed) {}

  // A step of writing, about to be taken. ResourceExhausted: no space. Throws ProcessEnded when the
  // crash that was waiting comes.
  absl::Status Step(absl::string_view what);
  // A step that needs no space.
  void Pass(absl::string_view what);

  Random& random() { return random_; }
  uint64_t steps() const { return steps_; }

  // The process ends `steps` steps from now, before the last of them is taken.
  void CrashAfter(uint64_t steps) { crash_at_ = steps_ + steps; }
  void SetFull(bool full) { full_ = full; }
  bool full() const { return full_; }
  // Whether a crash or a full disk has ended something since this was asked last.
  bool TakeBlame() { return std::exchange(blamed_, false); }

 private:
  Random random_;
  uint64_t steps_ = 0;
  uint64_t crash_at_ = 0;  // 0: none waits
  bool full_ = false;
  bool blamed_ = false;
};

}  // namespace rookery::sim
