// Takes ids.
#include "coordinator/client/recipes/counter/ids.h"

#include "tests/sim/recipes/roles/roles.h"

namespace rookery::sim {
namespace {

constexpr int64_t kPaceUs = 500'000;
constexpr int64_t kBlock = 3;

class IdsRole final : public Role {
 public:
  explicit IdsRole(const Seat& seat)
      : Role(seat, kPaceUs), ids_(client(), PathOf(Recipe::kIds), kBlock) {}

 private:
  Async<> Round() override {
    for (int64_t left = random().Between(1, 5); left > 0; --left) {
      const size_t unanswered = facts().unanswered.size();
      const auto id = co_await ids_.Next();
      if (!id.ok()) co_return;
      facts().ids.push_back({.party = seat().party, .id = *id});
      for (size_t i = unanswered; i < facts().unanswered.size(); ++i) {
        const Unanswered& one = facts().unanswered[i];
        if (one.party == seat().party && one.path == PathOf(Recipe::kIds)) {
          Count(Rare::kBlocksLeftOut);
        }
      }
    }
  }

  client::recipes::Ids ids_;
};

}  // namespace

std::unique_ptr<Role> MakeIds(const Seat& seat) { return std::make_unique<IdsRole>(seat); }

}  // namespace rookery::sim
