// What must hold of the recipes in every run: pure functions of what the parties noted and of what
// became of the tree, one line per violation. Each stands in a file of its name, with its rule at
// the top.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/sim/checkers/checkers.h"
#include "tests/sim/recipes/facts.h"

namespace rookery::sim {

// The tree of a run over its time, by path: the order of each change is the moment from which on
// somebody can know of it.
class TreeHistory {
 public:
  explicit TreeHistory(const History& history);

  // One node, from its creation to its deletion.
  struct Life {
    std::string path;
    model::SessionId session = 0;  // that created it
    model::Zxid czxid = 0;
    Order created = 0;
    model::Zxid deleted_zxid = 0;  // 0: it stands
    Order deleted = 0;
    int64_t deleted_us = 0;
    bool expired = false;             // it went with its session
    std::vector<model::Zxid> writes;  // of its data, behind its creation
  };
  // Lives of this path, in their order.
  const std::vector<Life>& Of(const std::string& path) const;
  // Lives of the children of `parent`, in the order of their creation.
  std::vector<const Life*> Below(const std::string& parent) const;
  // The first life of `path` that `session` began behind `since`; null: none.
  const Life* FirstOf(const std::string& path, model::SessionId session, Order since) const;
  // How the tree stood in the end.
  const std::map<std::string, FinalNode>& last() const { return last_; }

 private:
  std::map<std::string, std::vector<Life>> lives_;
  std::map<std::string, FinalNode> last_;
};

using RecipeCheck = Violations (*)(const RecipeFacts& facts, const TreeHistory& tree);
struct RecipeChecker {
  Recipe recipe;
  RecipeCheck check;
};
const std::vector<RecipeChecker>& AllRecipeCheckers();

Violations CheckLock(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckSharedLock(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckElection(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckQueue(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckConfirmedQueue(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckBarrier(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckDoubleBarrier(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckCounter(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckIds(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckSubscription(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckGroup(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckDiscovery(const RecipeFacts& facts, const TreeHistory& tree);
Violations CheckTreeCache(const RecipeFacts& facts, const TreeHistory& tree);

}  // namespace rookery::sim
