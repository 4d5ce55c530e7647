#include "tests/sim/recipes/roles/holder_role.h"

namespace rookery::sim {
namespace {

using client::recipes::Holder;
using client::recipes::HoldEvent;
using client::recipes::Holding;

constexpr int64_t kAccessMostUs = 300'000;

}  // namespace

void HolderRole::OnEvent(HoldEvent event, const Holder& holder) {
  switch (event) {
    case HoldEvent::kHeld: {
      in_doubt_ = false;
      const Holding holding = holder.holding();
      if (holding.token == token_) return;
      token_ = holding.token;
      Trace("holds ", holding.node, " with token ", token_);
      facts().holds.push_back({.recipe = recipe_,
                               .party = seat().party,
                               .node = holding.node,
                               .reads = reads_,
                               .token = token_,
                               .granted = Now()});
      return;
    }
    case HoldEvent::kInDoubt:
      in_doubt_ = true;
      Count(Rare::kHoldsInDoubt);
      return;
    case HoldEvent::kLost:
      Trace("has lost ", NameOf(recipe_));
      Count(recipe_ == Recipe::kElection && !over() ? Rare::kLeadersDeposed : Rare::kHoldsLost);
      return;
    case HoldEvent::kRevocationWanted:
      return;
  }
}

bool HolderRole::UseOnce(const Holder& holder) {
  if (!holder.held() || in_doubt_) return false;
  const Holding holding = holder.holding();
  scene()->Use({.recipe = recipe_,
                .party = seat().party,
                .node = holding.node,
                .reads = reads_,
                .token = holding.token},
               random().Between(0, kAccessMostUs));
  return true;
}

Async<> HolderRole::Use(const Holder& holder, int64_t accesses, int64_t pause_us) {
  for (; accesses > 0 && UseOnce(holder); --accesses) co_await Pause(pause_us);
}

}  // namespace rookery::sim
