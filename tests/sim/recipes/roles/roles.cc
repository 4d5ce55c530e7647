#include "tests/sim/recipes/roles/roles.h"

#include "coordinator/base/check.h"

namespace rookery::sim {

std::unique_ptr<Role> MakeRole(Recipe recipe, const Seat& seat) {
  switch (recipe) {
    case Recipe::kLock:
      return MakeLock(seat);
    case Recipe::kSharedLock:
      return MakeSharedLock(seat);
    case Recipe::kElection:
      return MakeElection(seat);
    case Recipe::kQueue:
      return MakeQueue(seat);
    case Recipe::kConfirmedQueue:
      return MakeConfirmedQueue(seat);
    case Recipe::kBarrier:
      return MakeBarrier(seat);
    case Recipe::kDoubleBarrier:
      return MakeDoubleBarrier(seat);
    case Recipe::kCounter:
      return MakeCounter(seat);
    case Recipe::kIds:
      return MakeIds(seat);
    case Recipe::kSubscription:
      return MakeSubscription(seat);
    case Recipe::kGroup:
      return MakeGroup(seat);
    case Recipe::kDiscovery:
      return MakeDiscovery(seat);
    case Recipe::kTreeCache:
      return MakeTreeCache(seat);
    case Recipe::kCount:
      break;
  }
  ROOKERY_CHECK(false) << "no such recipe";
  return nullptr;
}

}  // namespace rookery::sim
