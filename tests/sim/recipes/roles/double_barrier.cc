// Enters with the others, works, and leaves with them.
#include "coordinator/client/recipes/barrier/double_barrier.h"

#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

constexpr int64_t kPaceUs = 600'000;

class DoubleBarrierRole final : public Role {
 public:
  explicit DoubleBarrierRole(const Seat& seat)
      : Role(seat, kPaceUs),
        barrier_(client(), PathOf(Recipe::kDoubleBarrier), seat.scene->plan.barrier_members) {}
  ~DoubleBarrierRole() override {
    if (inside_) Count(Rare::kInsidersLost);
  }

 private:
  Async<> Round() override {
    const uint64_t losses = client()->losses();
    const bool connected = client()->connected();
    const size_t place = facts().entered.size();
    facts().entered.push_back(
        {.party = seat().party, .session = client()->session(), .asked = Now()});
    Trace("enters the double barrier");
    const absl::Status in = co_await barrier_.Enter(random().Between(500, 6'000));
    Entered& entered = facts().entered[place];
    entered.session = client()->session();
    entered.connected = connected && client()->losses() == losses;
    entered.returned = Now();
    entered.fate = FateOf(in, *client());
    Trace("is in: ", in.ToString());
    if (entered.fate == Fate::kLate) Count(Rare::kDoubleBarriersLate);
    if (entered.fate != Fate::kDone) co_return;
    Count(Rare::kDoubleBarriersOpened);
    inside_ = true;
    co_await Pause(800'000);
    while (!over()) {
      const absl::Status out = co_await barrier_.Leave(random().Between(500, 4'000));
      Trace("leaves: ", out.ToString());
      if (!absl::IsDeadlineExceeded(out)) break;
    }
    inside_ = over();
  }

  bool inside_ = false;
  client::recipes::DoubleBarrier barrier_;
};

}  // namespace

std::unique_ptr<Role> MakeDoubleBarrier(const Seat& seat) {
  return std::make_unique<DoubleBarrierRole>(seat);
}

}  // namespace rookery::sim
