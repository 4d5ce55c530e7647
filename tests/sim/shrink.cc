#include "tests/sim/shrink.h"

#include <algorithm>
#include <numeric>

namespace rookery::sim {

RunPlan KeepFaults(const RunPlan& plan, const std::vector<size_t>& kept) {
  RunPlan less = plan;
  less.faults.clear();
  for (const size_t place : kept) {
    if (place < plan.faults.size()) less.faults.push_back(plan.faults[place]);
  }
  return less;
}

std::vector<size_t> Shrink(const RunPlan& plan, absl::FunctionRef<bool(const RunPlan&)> fails,
                           absl::FunctionRef<void(size_t left)> tell) {
  std::vector<size_t> kept(plan.faults.size());
  std::iota(kept.begin(), kept.end(), size_t{0});
  // Halves, then smaller pieces, then one by one until no single one can go.
  for (size_t size = std::max<size_t>(1, kept.size() / 2); size > 0;) {
    bool shorter = false;
    for (size_t from = 0; from < kept.size();) {
      std::vector<size_t> fewer = kept;
      const size_t to = std::min(from + size, fewer.size());
      fewer.erase(fewer.begin() + static_cast<int64_t>(from),
                  fewer.begin() + static_cast<int64_t>(to));
      if (fails(KeepFaults(plan, fewer))) {
        kept = std::move(fewer);
        shorter = true;
      } else {
        from = to;
      }
      tell(kept.size());
    }
    if (size == 1 && !shorter) break;
    size = std::max<size_t>(1, size / 2);
  }
  return kept;
}

}  // namespace rookery::sim
