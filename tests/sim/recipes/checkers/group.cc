// Whoever joined is listed as long as its session lives and it does not leave, and in the end
// everybody who follows the group knows its members.
#include "tests/sim/recipes/checkers/listed.h"

namespace rookery::sim {

Violations CheckGroup(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  const std::string root = PathOf(Recipe::kGroup);
  CheckListed(Recipe::kGroup, facts, tree, &out);
  CheckCopies(
      Recipe::kGroup, root, facts, tree,
      [](const std::string& path, const std::string&) { return path != PathOf(Recipe::kGroup); },
      &out);
  return out;
}

}  // namespace rookery::sim
