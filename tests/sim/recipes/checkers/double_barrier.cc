// Nobody is in before all have come: when somebody is let in, there was a moment at which as many
// nodes stood as the barrier has members, since it was empty last before that one asked. And all
// are let in or none: who had a connection all the time, and whose node stood when somebody else
// made the number complete and `ready` was made, is not sent away.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {
namespace {

using Life = TreeHistory::Life;

// How many stood from that order on.
struct Step {
  Order order = 0;
  size_t standing = 0;
};

std::vector<Step> StepsOf(const std::vector<const Life*>& members) {
  std::vector<std::pair<Order, int>> turns;
  for (const Life* member : members) {
    turns.emplace_back(member->created, 1);
    if (member->deleted != 0) turns.emplace_back(member->deleted, -1);
  }
  std::sort(turns.begin(), turns.end());
  std::vector<Step> steps = {Step{}};
  size_t standing = 0;
  for (const auto& [order, turn] : turns) {
    standing += static_cast<size_t>(turn);
    steps.push_back({order, standing});
  }
  return steps;
}

}  // namespace

Violations CheckDoubleBarrier(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  const std::string ready = absl::StrCat(PathOf(Recipe::kDoubleBarrier), "/ready");
  std::vector<const Life*> members = tree.Below(PathOf(Recipe::kDoubleBarrier));
  std::erase_if(members, [&](const Life* life) { return life->path == ready; });
  const std::vector<Step> steps = StepsOf(members);
  for (const Entered& one : facts.entered) {
    if (one.fate == Fate::kDone) {
      size_t most = 0;  // since it was empty last before it was asked
      for (const Step& step : steps) {
        if (step.order > one.returned) break;
        if (step.standing == 0 && step.order <= one.asked) most = 0;
        most = std::max(most, step.standing);
      }
      if (most < facts.barrier_members) {
        out.push_back(absl::StrCat("party ", one.party, " was let in with ", most, " of ",
                                   facts.barrier_members, " members"));
      }
    }
    if (one.fate != Fate::kLate || !one.connected) continue;
    for (const Life* own : members) {
      if (own->session != one.session || own->created < one.asked || own->created > one.returned) {
        continue;
      }
      for (const Life& opened : tree.Of(ready)) {
        if (opened.created < own->created || (own->deleted != 0 && opened.created > own->deleted)) {
          continue;
        }
        out.push_back(absl::StrCat("party ", one.party, " was sent away, though ", own->path,
                                   " stood when the barrier opened"));
      }
    }
  }
  return out;
}

}  // namespace rookery::sim
