// Whoever registered can be found as long as its session lives and it does not withdraw, and in the
// end everybody resolves the service to its enabled instances, as they said last what they are.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/listed.h"

namespace rookery::sim {

Violations CheckDiscovery(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  CheckListed(Recipe::kDiscovery, facts, tree, &out);
  CheckCopies(
      Recipe::kDiscovery, absl::StrCat(PathOf(Recipe::kDiscovery), "/search"), facts, tree,
      [](const std::string&, const std::string& data) {
        return absl::StrContains(data, "\"enabled\":true");
      },
      &out);
  return out;
}

}  // namespace rookery::sim
