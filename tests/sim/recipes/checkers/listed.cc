#include "tests/sim/recipes/checkers/listed.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rookery::sim {

void CheckListed(Recipe recipe, const RecipeFacts& facts, const TreeHistory& tree,
                 Violations* out) {
  for (const Listed& one : facts.listed) {
    if (one.recipe != recipe) continue;
    const std::vector<TreeHistory::Life>& lives = tree.Of(one.path);
    const bool stands = std::any_of(lives.begin(), lives.end(), [&](const auto& life) {
      // Its session may have expired before it was told, and it not know yet.
      return life.session == one.session && life.created < one.since &&
             (life.expired || life.deleted == 0 || (one.until != 0 && life.deleted > one.since));
    });
    if (stands) continue;
    out->push_back(absl::StrCat("party ", one.party, " was told that it is listed, but no ",
                                one.path, " of its session stands"));
  }
}

void CheckCopies(Recipe recipe, const std::string& root, const RecipeFacts& facts,
                 const TreeHistory& tree,
                 bool (*takes)(const std::string& path, const std::string& data), Violations* out) {
  for (const Copy& copy : facts.copies) {
    if (copy.recipe != recipe) continue;
    std::map<std::string, std::string> expected;
    for (const auto& [path, node] : tree.last()) {
      if (path != root && !absl::StartsWith(path, absl::StrCat(root, "/"))) continue;
      if (std::count(path.begin() + static_cast<int64_t>(root.size()), path.end(), '/') >
          copy.depth) {
        continue;
      }
      const std::string data = node.data.value_or("");
      if (takes(path, data)) expected[path] = data;
    }
    if (!copy.settled) {
      out->push_back(absl::StrCat("party ", copy.party, " has not come to rest"));
    }
    for (const auto& [path, data] : expected) {
      const auto found = copy.nodes.find(path);
      if (found != copy.nodes.end() && found->second == data) continue;
      out->push_back(absl::StrCat("party ", copy.party, " holds ",
                                  found == copy.nodes.end() ? "no node" : found->second, " for ",
                                  path, ", which is ", data));
    }
    for (const auto& [path, data] : copy.nodes) {
      if (expected.contains(path)) continue;
      out->push_back(absl::StrCat("party ", copy.party, " holds ", path, ", which is not there"));
    }
  }
}

}  // namespace rookery::sim
