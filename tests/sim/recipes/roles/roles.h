// The roles, one for each recipe, each in a file of its name.
#pragma once

#include <memory>

#include "tests/sim/recipes/role.h"

namespace rookery::sim {

std::unique_ptr<Role> MakeLock(const Seat& seat);
std::unique_ptr<Role> MakeSharedLock(const Seat& seat);
std::unique_ptr<Role> MakeElection(const Seat& seat);
std::unique_ptr<Role> MakeQueue(const Seat& seat);
std::unique_ptr<Role> MakeConfirmedQueue(const Seat& seat);
std::unique_ptr<Role> MakeBarrier(const Seat& seat);
std::unique_ptr<Role> MakeDoubleBarrier(const Seat& seat);
std::unique_ptr<Role> MakeCounter(const Seat& seat);
std::unique_ptr<Role> MakeIds(const Seat& seat);
std::unique_ptr<Role> MakeSubscription(const Seat& seat);
std::unique_ptr<Role> MakeGroup(const Seat& seat);
std::unique_ptr<Role> MakeDiscovery(const Seat& seat);
std::unique_ptr<Role> MakeTreeCache(const Seat& seat);

}  // namespace rookery::sim
