#include "tests/sim/recipes/role.h"

namespace rookery::sim {

Role::Role(const Seat& seat, int64_t pace_us)
    : seat_(seat), pace_us_(pace_us), random_(seat.seed) {}

Async<> Role::Pause(int64_t most_us) {
  co_await rookery::Sleep(client()->executor(), random_.Between(0, most_us));
}

Async<> Role::LastRound() { co_return; }

Async<> Role::Play() {
  while (!over()) {
    co_await Pause(2 * pace_us_);
    if (scene()->stopping || over()) break;
    co_await Round();
  }
  if (!over()) co_await LastRound();
  idle_ = true;
}

Fate FateOf(const absl::Status& status, const ObservedClient& client) {
  if (status.ok()) return Fate::kDone;
  if (client.over()) return Fate::kEnded;
  if (absl::IsUnknown(status)) return Fate::kUnknown;
  if (absl::IsDeadlineExceeded(status)) return Fate::kLate;
  return Fate::kRefused;
}

}  // namespace rookery::sim
