// The rule of lines (line.h), in which everybody waits for everybody.
#include "tests/sim/recipes/checkers/line.h"

namespace rookery::sim {

Violations CheckLock(const RecipeFacts& facts, const TreeHistory& tree) {
  return CheckLine(Recipe::kLock, facts, tree, [](bool, const std::string&) { return true; });
}

}  // namespace rookery::sim
