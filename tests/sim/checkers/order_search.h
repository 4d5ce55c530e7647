// A way to fit the writes whose clients were not told the outcome in between the known operations
// of a group of nodes, so that every answer is what the state then gives: Wing and Gong's search,
// with Lowe's memory of what was tried. Private to this folder.
#pragma once

#include "tests/sim/checkers/register_ops.h"

namespace rookery::sim {

struct OrderFound {
  bool fits = false;
  bool gave_up = false;               // it took too many steps: nobody knows
  const RegisterOp* stuck = nullptr;  // if it does not fit: the first that never did
};

// REQUIRES: something is known.
OrderFound SearchOrder(const RegisterGroup& group);

}  // namespace rookery::sim
