// What locks and elections have in common for their checkers: a line of nodes below one parent.
#pragma once

#include "absl/functional/function_ref.h"
#include "tests/sim/recipes/checkers/checkers.h"

namespace rookery::sim {

// Whether somebody in the line who asks, for reading or not, waits for the node of that name when
// it is before.
using WaitsFor = absl::FunctionRef<bool(bool reads, const std::string& name)>;

// The rule of lines, for the holds and accesses of `recipe`:
// - a token is the zxid that created the holder's node, and belongs to one hold;
// - whoever is told that it holds has nobody before it: each node that was created before its own,
//   and that it waits for, is gone by then;
// - what is protected sees no older token behind a newer one, unless the older one's node was gone
//   when the newer one was used;
// - a party that runs learns within the time that facts.notice_us says that its node is gone.
Violations CheckLine(Recipe recipe, const RecipeFacts& facts, const TreeHistory& tree,
                     WaitsFor waits_for);

}  // namespace rookery::sim
