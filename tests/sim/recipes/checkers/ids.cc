// No id is given twice, and those of the tree have not been given yet.
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

Violations CheckIds(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  const auto node = tree.last().find(PathOf(Recipe::kIds));
  int64_t next = 0;
  if (node != tree.last().end() && node->second.data.has_value() &&
      !absl::SimpleAtoi(*node->second.data, &next)) {
    next = 0;
  }
  std::map<int64_t, uint32_t> takers;
  for (const IdGiven& one : facts.ids) {
    const auto [other, fresh] = takers.emplace(one.id, one.party);
    if (!fresh) {
      out.push_back(absl::StrCat("id ", one.id, " was given to party ", other->second,
                                 " and to party ", one.party));
    }
    if (one.id >= next) {
      out.push_back(absl::StrCat("id ", one.id, " was given to party ", one.party,
                                 ", and will be given again: the next is ", next));
    }
  }
  return out;
}

}  // namespace rookery::sim
