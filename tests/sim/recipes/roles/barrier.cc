// Sets a barrier, removes it, writes something into it, and waits at it.
#include "coordinator/client/recipes/barrier/barrier.h"

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

constexpr int64_t kPaceUs = 900'000;

class BarrierRole final : public Role {
 public:
  explicit BarrierRole(const Seat& seat)
      : Role(seat, kPaceUs), barrier_(client(), PathOf(Recipe::kBarrier)), operations_(client()) {}
  void Begin() override {
    Role::Begin();
    Spawn(OpenInTheEnd());
  }

 private:
  Async<> Round() override {
    const uint64_t what = random().Below(10);
    if (what < 2) {
      const absl::Status set = co_await barrier_.Set();
      Trace("sets the barrier: ", set.ToString());
    } else if (what < 4) {
      co_await Remove();
    } else if (what < 5) {
      model::SetDataRequest request;
      request.path = PathOf(Recipe::kBarrier);
      request.data = absl::StrCat("v", scene()->NextNumber());
      const auto written = co_await operations_.SetData(std::move(request));
      (void)written;
    } else {
      co_await Wait();
    }
  }

  // So that all go on who wait for ever.
  Async<> OpenInTheEnd() {
    while (!over() && !idle()) {
      co_await Pause(kPaceUs);
      if (scene()->stopping && !over()) co_await Remove();
    }
  }

  Async<> Remove() {
    const absl::Status removed = co_await barrier_.Remove();
    Trace("removes the barrier: ", removed.ToString());
  }

  Async<> Wait() {
    const auto stands = co_await operations_.Exists(PathOf(Recipe::kBarrier));
    if (!stands.ok()) co_return;
    const size_t place = facts().waited.size();
    facts().waited.push_back({.party = seat().party, .stood = stands.zxid});
    const int64_t wait_ms = random().Chance(0.4) ? -1 : random().Between(100, 4'000);
    const absl::Status opened = co_await barrier_.Wait(wait_ms);
    Waited& waited = facts().waited[place];
    waited.returned = Now();
    waited.fate = FateOf(opened, *client());
    if (waited.fate == Fate::kDone) Count(Rare::kBarriersOpened);
    if (waited.fate == Fate::kLate) Count(Rare::kBarriersLate);
    Trace("waited at the barrier: ", opened.ToString());
  }

  client::recipes::Barrier barrier_;
  client::recipes::Operations operations_;
};

}  // namespace

std::unique_ptr<Role> MakeBarrier(const Seat& seat) { return std::make_unique<BarrierRole>(seat); }

}  // namespace rookery::sim
