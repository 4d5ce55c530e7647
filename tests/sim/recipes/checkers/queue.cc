// An item is taken once, unless the answer to a consumer's deletion of it was lost; and one that
// was put, and that nobody has, was taken by a consumer that had no answer to its deletion, or is
// still there. Nothing is taken that was not put, or surely was not.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

Violations CheckQueue(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  std::set<std::string> there, unanswered;
  for (const auto& [path, node] : tree.last()) {
    if (node.data.has_value()) there.insert(*node.data);
  }
  for (const Unanswered& one : facts.unanswered) unanswered.insert(one.path);
  const auto excused = [&](const std::string& item) {
    const auto path = facts.item_paths.find(item);
    return path != facts.item_paths.end() && unanswered.contains(path->second);
  };
  std::map<std::string, uint32_t> takers;
  for (const Taken& one : facts.taken) {
    if (one.recipe != Recipe::kQueue) continue;
    const auto [other, fresh] = takers.emplace(one.item, one.party);
    if (fresh || excused(one.item)) continue;
    out.push_back(
        absl::StrCat(one.item, " was taken by party ", other->second, " and by party ", one.party));
  }
  std::set<std::string> put;
  for (const Put& one : facts.puts) {
    if (one.recipe != Recipe::kQueue) continue;
    put.insert(one.item);
    const bool taken = takers.contains(one.item);
    if (one.fate == Fate::kRefused && (taken || there.contains(one.item))) {
      out.push_back(absl::StrCat(one.item, " is there, though it was not put"));
    }
    if (one.fate != Fate::kDone || taken || there.contains(one.item)) continue;
    if (excused(one.item)) continue;
    out.push_back(absl::StrCat(one.item, " of party ", one.party, " is lost"));
  }
  for (const auto& [item, party] : takers) {
    if (!put.contains(item)) {
      out.push_back(absl::StrCat("party ", party, " was given ", item, ", which nobody put"));
    }
  }
  return out;
}

}  // namespace rookery::sim
