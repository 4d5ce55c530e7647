// What the roles of locks and elections share: a hold is noted when it is told, and used as long as
// it is held and not in doubt.
#pragma once

#include <string>

#include "coordinator/client/recipes/contention/holder.h"
#include "tests/sim/recipes/role.h"

namespace rookery::sim {

class HolderRole : public Role {
 public:
  HolderRole(Recipe recipe, const Seat& seat, int64_t pace_us)
      : Role(seat, pace_us), recipe_(recipe) {}

 protected:
  // To be observed by: `holder` is who tells. It outlives the observation.
  void OnEvent(client::recipes::HoldEvent event, const client::recipes::Holder& holder);
  // Some accesses with pauses between, until it is lost or in doubt.
  Async<> Use(const client::recipes::Holder& holder, int64_t accesses, int64_t pause_us);
  // One, if it is held and not in doubt.
  bool UseOnce(const client::recipes::Holder& holder);
  void SetReads(bool reads) { reads_ = reads; }

 private:
  const Recipe recipe_;
  bool reads_ = false;
  bool in_doubt_ = false;
  model::Zxid token_ = 0;  // of the last hold that was noted
};

}  // namespace rookery::sim
