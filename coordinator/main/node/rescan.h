// Reads the whole state now and then, slowly, and compares the digest of its nodes with the one
// saved beside them: a file that decays while nobody reads it is noticed while the other servers
// are still whole. Private to node/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/machine/state_check.h"
#include "coordinator/store/base.h"

namespace rookery {

// Core executor only. What it reads is as the last flush left it, which is one state: nodes, digest
// and applied entry change together.
class Rescan {
 public:
  // The first pass begins at once, the next `period_us` after each. `on_damage` is told of a state
  // that is not what it should be, or cannot be read. Pointers outlive the work on `background`.
  Rescan(Executor* core, BackgroundExecutor* background, std::shared_ptr<store::Base> base,
         int64_t period_us, std::function<void(absl::Status)> on_damage);
  ~Rescan();

  // There is a reason to look: a whole pass begins now, or as soon as the one under way has ended.
  void Hurry();

 private:
  struct Pass {
    std::shared_ptr<const store::Base::Snapshot> snapshot;
    std::string name;  // of the state
    machine::StateCheck check;
  };
  void Begin();
  void Slice();
  void OnSlice(const absl::StatusOr<bool>& more);

  Executor* const core_;
  BackgroundExecutor* const background_;
  const std::shared_ptr<store::Base> base_;
  const int64_t period_us_;
  const std::function<void(absl::Status)> on_damage_;
  std::shared_ptr<Pass> pass_;  // null between two
  bool again_ = false;          // another pass follows this one at once
  TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery
