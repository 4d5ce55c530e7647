// The rule of lines (line.h), in which everybody waits for everybody: so there is one leader for
// each token, and who publishes with an older one than others did had lost its node before.
#include "tests/sim/recipes/checkers/line.h"

namespace rookery::sim {

Violations CheckElection(const RecipeFacts& facts, const TreeHistory& tree) {
  return CheckLine(Recipe::kElection, facts, tree, [](bool, const std::string&) { return true; });
}

}  // namespace rookery::sim
