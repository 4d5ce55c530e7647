#include "tests/sim/edges/disk_gate.h"

#include "absl/strings/str_cat.h"
#include "tests/sim/edges/world.h"

namespace rookery::sim {

void DiskGate::Pass(absl::string_view what) {
  ++steps_;
  if (crash_at_ == 0 || steps_ < crash_at_) return;
  crash_at_ = 0;
  blamed_ = true;
  throw ProcessEnded{ProcessEnded::Kind::kCrash, absl::StrCat("before: ", what)};
}

absl::Status DiskGate::Step(absl::string_view what) {
  Pass(what);
  if (!full_) return absl::OkStatus();
  blamed_ = true;
  return absl::ResourceExhaustedError(absl::StrCat(what, ": no space left on device"));
}

}  // namespace rookery::sim
