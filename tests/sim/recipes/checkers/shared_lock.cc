// The rule of lines (line.h), in which writers wait for everybody and readers for writers: so a
// writer's token is newer than those of all that held before.
#include "absl/strings/match.h"
#include "tests/sim/recipes/checkers/line.h"

namespace rookery::sim {

Violations CheckSharedLock(const RecipeFacts& facts, const TreeHistory& tree) {
  return CheckLine(Recipe::kSharedLock, facts, tree, [](bool reads, const std::string& name) {
    return !reads || absl::StrContains(name, "__WRIT__");
  });
}

}  // namespace rookery::sim
