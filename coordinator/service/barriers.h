// Waiting until this server has applied all that was committed anywhere: for sync, linearizable
// reads, and before serving. All that wait at the same moment share one barrier of the log.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/consensus/consensus.h"

namespace rookery::service {

class Barriers {
 public:
  using Done = absl::AnyInvocable<void()>;

  Barriers(Executor* core, const Clock* clock, consensus::Consensus* consensus)
      : core_(core), clock_(clock), consensus_(consensus) {}
  ~Barriers() { *alive_ = false; }

  // Calls `done` once all that is committed anywhere now is applied here: from OnApplied(), or from
  // a task of its own. Barriers that no leader answers are asked again for as long as it takes.
  void Wait(Done done);
  // This server stands at `index`.
  void OnApplied(uint64_t index);
  // Forgets all that wait, without calling them.
  void Forget();

 private:
  void Begin();
  void OnIndex(absl::StatusOr<uint64_t> index);

  Executor* const core_;
  const Clock* const clock_;
  consensus::Consensus* const consensus_;

  uint64_t applied_ = 0;
  std::vector<Done> next_;    // begin with the next barrier
  std::vector<Done> asking_;  // the barrier under way is theirs
  bool under_way_ = false;
  std::multimap<uint64_t, Done> ready_;  // by the index they wait for
  // Guards callbacks against this object's end.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rookery::service
