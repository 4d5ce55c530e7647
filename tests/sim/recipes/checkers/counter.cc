// What is added is added once: no two additions end at the same value, and the last value counts
// all that were acknowledged, and at most those besides whose answer is not known.
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

Violations CheckCounter(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  std::map<int64_t, uint32_t> adders;
  int64_t done = 0;
  int64_t perhaps = 0;
  for (const Added& one : facts.added) {
    if (one.fate == Fate::kRefused) continue;
    if (one.fate != Fate::kDone) {
      ++perhaps;
      continue;
    }
    ++done;
    const auto [other, fresh] = adders.emplace(one.value, one.party);
    if (fresh) continue;
    out.push_back(absl::StrCat("party ", other->second, " and party ", one.party,
                               " have both raised the counter to ", one.value));
  }
  const auto node = tree.last().find(PathOf(Recipe::kCounter));
  int64_t last = 0;
  if (node != tree.last().end() && node->second.data.has_value() &&
      !absl::SimpleAtoi(*node->second.data, &last)) {
    last = 0;  // it was not touched yet
  }
  if (last < done || last > done + perhaps) {
    out.push_back(absl::StrCat("the counter stands at ", last, ", but ", done,
                               " were added and perhaps ", perhaps, " more"));
  }
  return out;
}

}  // namespace rookery::sim
