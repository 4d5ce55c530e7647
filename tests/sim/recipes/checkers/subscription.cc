// A subscriber is told values that somebody wrote, each change once and in order, and the last one:
// in the end the value in force is the node's.
#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/listed.h"

namespace rookery::sim {

Violations CheckSubscription(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  const std::string path = PathOf(Recipe::kSubscription);
  std::map<uint64_t, model::Zxid> told;  // by follower
  for (const Shown& one : facts.shown) {
    if (one.recipe != Recipe::kSubscription || one.kind != Shown::Kind::kChanged) continue;
    model::Zxid& before = told[one.follower];
    if (one.mzxid <= before) {
      out.push_back(absl::StrCat("party ", one.party, " was told ", one.data, " of ",
                                 model::ToHex(one.mzxid), " behind a value of ",
                                 model::ToHex(before)));
    }
    before = one.mzxid;
    const auto written = facts.written.find(path);
    if (!one.data.empty() &&
        (written == facts.written.end() ||
         std::count(written->second.begin(), written->second.end(), one.data) == 0)) {
      out.push_back(
          absl::StrCat("party ", one.party, " was told ", one.data, ", which nobody wrote"));
    }
  }
  const auto last = tree.last().find(path);
  // One that cannot be parsed leaves the value before it in force.
  const bool bad =
      last != tree.last().end() && absl::StartsWith(last->second.data.value_or(""), "bad");
  if (bad) return out;
  CheckCopies(
      Recipe::kSubscription, path, facts, tree,
      [](const std::string&, const std::string&) { return true; }, &out);
  return out;
}

}  // namespace rookery::sim
