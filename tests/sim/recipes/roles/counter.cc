// Raises a counter by one, in one of two ways.
#include "coordinator/client/recipes/counter/counter.h"

#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

constexpr int64_t kPaceUs = 700'000;

class CounterRole final : public Role {
 public:
  explicit CounterRole(const Seat& seat)
      : Role(seat, kPaceUs), counter_(client(), PathOf(Recipe::kCounter)) {}

 private:
  Async<> Round() override {
    const size_t place = facts().added.size();
    facts().added.push_back({.party = seat().party});
    absl::StatusOr<client::recipes::Counter::Value> value;
    if (random().Chance(0.6)) {
      value = co_await counter_.Add(1);
    } else {
      value = co_await counter_.Get();
      if (value.ok()) {
        co_await Pause(random().Chance(0.5) ? 300'000 : 0);
        const int32_t version = value->version;
        const int64_t next = value->value + 1;
        value = co_await counter_.CompareAndSet(version, next);
        if (absl::IsAborted(value.status()) && !over()) Count(Rare::kSetsOvertaken);
      }
    }
    Added& added = facts().added[place];
    added.fate = FateOf(value.status(), *client());
    if (value.ok()) added.value = value->value;
    if (added.fate == Fate::kUnknown) Count(Rare::kAddsUnknown);
    Trace("adds: ", value.status().ToString());
  }

  client::recipes::Counter counter_;
};

}  // namespace

std::unique_ptr<Role> MakeCounter(const Seat& seat) { return std::make_unique<CounterRole>(seat); }

}  // namespace rookery::sim
