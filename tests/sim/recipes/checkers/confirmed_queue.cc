// An item that was put is confirmed once, or is still there: none is lost, none is confirmed twice,
// and none is given to anybody once it was confirmed, but to who slept while its session ended,
// which it then learns. A confirmation that did not return may have been done.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

namespace {

// The session of `one` had the item, and ended before the party was told.
bool Overslept(const RecipeFacts& facts, const TreeHistory& tree, const Taken& one) {
  const auto path = facts.item_paths.find(one.item);
  if (path == facts.item_paths.end()) return false;
  const size_t slash = path->second.rfind('/');
  const auto& lives =
      tree.Of(absl::StrCat(PathOf(Recipe::kConfirmedQueue), "/taken", path->second.substr(slash)));
  return std::any_of(lives.begin(), lives.end(), [&one](const TreeHistory::Life& life) {
    return life.session == one.session && life.expired && life.deleted < one.order;
  });
}

}  // namespace

Violations CheckConfirmedQueue(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  std::set<std::string> there;
  for (const auto& [path, node] : tree.last()) {
    if (node.data.has_value()) there.insert(*node.data);
  }
  std::map<std::string, const Taken*> confirmed;
  std::set<std::string> perhaps;
  for (const Taken& one : facts.taken) {
    if (one.recipe != Recipe::kConfirmedQueue || !one.confirms) continue;
    if (one.fate == Fate::kOpen || one.fate == Fate::kEnded) perhaps.insert(one.item);
    if (one.fate != Fate::kDone) continue;
    const auto [other, fresh] = confirmed.emplace(one.item, &one);
    if (!fresh) {
      out.push_back(absl::StrCat(one.item, " was confirmed by party ", other->second->party,
                                 " and by party ", one.party));
    }
  }
  for (const Taken& one : facts.taken) {
    const auto done = confirmed.find(one.item);
    if (one.recipe != Recipe::kConfirmedQueue || done == confirmed.end()) continue;
    if (one.order > done->second->confirmed && !Overslept(facts, tree, one)) {
      out.push_back(absl::StrCat("party ", one.party, " was given ", one.item, ", which party ",
                                 done->second->party, " had confirmed"));
    }
  }
  for (const Put& one : facts.puts) {
    if (one.recipe != Recipe::kConfirmedQueue) continue;
    const bool done = confirmed.contains(one.item);
    if (done && there.contains(one.item)) {
      out.push_back(absl::StrCat(one.item, " was confirmed, and is there"));
    }
    if (one.fate == Fate::kDone && !done && !perhaps.contains(one.item) &&
        !there.contains(one.item)) {
      out.push_back(
          absl::StrCat(one.item, " of party ", one.party, " is lost: nobody has confirmed it"));
    }
  }
  return out;
}

}  // namespace rookery::sim
