// Whoever waited at a barrier, and had seen it standing, was let through only after it was removed:
// there is a deletion behind what it had seen, and before it was told. (That a barrier lets all
// through is seen by the end of a run, where nobody may be left waiting.)
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

Violations CheckBarrier(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  const std::vector<TreeHistory::Life>& lives = tree.Of(PathOf(Recipe::kBarrier));
  for (const Waited& one : facts.waited) {
    if (one.fate != Fate::kDone) continue;
    const bool removed = std::any_of(lives.begin(), lives.end(), [&](const auto& life) {
      return life.deleted_zxid > one.stood && life.deleted < one.returned;
    });
    if (removed) continue;
    out.push_back(absl::StrCat("party ", one.party,
                               " was let through a barrier that stood since it saw it at ",
                               model::ToHex(one.stood)));
  }
  return out;
}

}  // namespace rookery::sim
