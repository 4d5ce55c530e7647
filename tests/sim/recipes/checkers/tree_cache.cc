// A cache tells each change once and in order: a node as added when it was not there, as changed by
// a later write of the same node, as removed when it was; a parent before its children, its removal
// behind theirs; and only what the tree was in that moment, by its zxids and data. In the end the
// copy is the tree.
#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/recipes/checkers/listed.h"

namespace rookery::sim {
namespace {

class OneCache {
 public:
  OneCache(const RecipeFacts& facts, const TreeHistory& tree, Violations* out)
      : facts_(facts), tree_(tree), out_(out) {}

  void Take(const Shown& one) {
    const auto known = nodes_.find(one.path);
    switch (one.kind) {
      case Shown::Kind::kAdded:
        if (known != nodes_.end()) Say(one, "as added, though it was told before");
        if (one.path != PathOf(Recipe::kTreeCache) &&
            !nodes_.contains(one.path.substr(0, one.path.rfind('/')))) {
          Say(one, "before its parent");
        }
        break;
      case Shown::Kind::kChanged:
        if (known == nodes_.end() || known->second->czxid != one.czxid) {
          Say(one, "as changed, though it is another node");
        } else if (known->second->mzxid >= one.mzxid) {
          Say(one, "as changed, though nothing newer was written");
        }
        break;
      default:
        if (known == nodes_.end()) {
          Say(one, "as removed, though it was not there");
          return;
        }
        if (HasChildren(one.path)) Say(one, "as removed before its children");
        nodes_.erase(known);
        return;
    }
    CheckWasThere(one);
    nodes_[one.path] = &one;
  }

 private:
  bool HasChildren(const std::string& path) const {
    const std::string from = absl::StrCat(path, "/");
    const auto next = nodes_.lower_bound(from);
    return next != nodes_.end() && absl::StartsWith(next->first, from);
  }

  void CheckWasThere(const Shown& one) {
    const std::vector<TreeHistory::Life>& lives = tree_.Of(one.path);
    const bool was = std::any_of(lives.begin(), lives.end(), [&](const auto& life) {
      return life.czxid == one.czxid &&
             (one.mzxid == one.czxid ||
              std::count(life.writes.begin(), life.writes.end(), one.mzxid) > 0);
    });
    if (!was) Say(one, "though the tree had no such write");
    if (one.data.empty()) return;
    const auto written = facts_.written.find(one.path);
    if (written == facts_.written.end() ||
        std::count(written->second.begin(), written->second.end(), one.data) == 0) {
      Say(one, "which nobody wrote there");
    }
  }

  void Say(const Shown& one, absl::string_view what) {
    out_->push_back(absl::StrCat("party ", one.party, " was told ", one.path, " (", one.data, ", ",
                                 model::ToHex(one.mzxid), ") ", what));
  }

  const RecipeFacts& facts_;
  const TreeHistory& tree_;
  Violations* const out_;
  std::map<std::string, const Shown*> nodes_;
};

}  // namespace

Violations CheckTreeCache(const RecipeFacts& facts, const TreeHistory& tree) {
  Violations out;
  std::map<uint64_t, OneCache> caches;
  for (const Shown& one : facts.shown) {
    if (one.recipe != Recipe::kTreeCache) continue;
    caches.try_emplace(one.follower, facts, tree, &out).first->second.Take(one);
  }
  CheckCopies(
      Recipe::kTreeCache, PathOf(Recipe::kTreeCache), facts, tree,
      [](const std::string&, const std::string&) { return true; }, &out);
  return out;
}

}  // namespace rookery::sim
