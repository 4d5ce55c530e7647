// What groups and registrations have in common for their checkers.
#pragma once

#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

// Whoever is told that it is listed is: a node of its own session stands at its path at some moment
// since it was told, and until it asked to be removed or its session was over.
void CheckListed(Recipe recipe, const RecipeFacts& facts, const TreeHistory& tree, Violations* out);
// In the end, a follower of `recipe` holds what the tree holds, up to its depth below `root`, where
// `takes` says yes.
void CheckCopies(Recipe recipe, const std::string& root, const RecipeFacts& facts,
                 const TreeHistory& tree,
                 bool (*takes)(const std::string& path, const std::string& data), Violations* out);

}  // namespace rookery::sim
