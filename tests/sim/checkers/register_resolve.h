// What is known of operations whose clients were not told the outcome. Private to this folder.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/sim/checkers/register_ops.h"

namespace rookery::sim {

// The registers that steps of an operation name, by path until they are grouped.
struct PathStep {
  std::string path;
  RegisterStep step;
};
struct PathOp {
  RegisterOp op;
  std::vector<PathStep> steps;
};

// How servers stood at the end, and what scans showed of them before.
template <typename Visit>
void ForEachState(const History& history, const Visit& visit) {
  for (const FinalState& state : history.final_states) visit(state);
  for (const FinalState& state : history.scans) visit(state);
}

// Who wrote what somebody has seen was applied, whatever its client was told; when, and what its
// answer would have said, is known.
void ResolveBySight(const History& history, std::vector<PathOp>* ops);

// Where servers tell what they changed: a change that no answered write explains is that of one
// whose outcome is not known, and what changed nothing was not applied. `paths` are the registers.
void ResolveByChanges(const History& history, const std::set<std::string>& paths,
                      std::vector<PathOp>* ops);

}  // namespace rookery::sim
