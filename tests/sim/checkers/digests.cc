// Servers that have applied the same entry are in the same state.
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {

Violations CheckDigests(const History& history) {
  Violations out;
  std::map<uint64_t, const Applied*> first;
  for (const Applied& applied : history.applied) {
    const auto [at, fresh] = first.emplace(applied.index, &applied);
    const Applied& other = *at->second;
    if (fresh) continue;
    const auto differs = [&](absl::string_view what, uint64_t mine, uint64_t others) {
      if (mine == others) return;
      out.push_back(absl::StrCat("entry ", applied.index, ": ", what, " ", absl::Hex(mine),
                                 " on server ", applied.server, " in life ", applied.life, ", ",
                                 absl::Hex(others), " on server ", other.server, " in life ",
                                 other.life));
    };
    differs("digest", applied.digest, other.digest);
    differs("term", applied.term, other.term);
    differs("zxid", static_cast<uint64_t>(applied.zxid), static_cast<uint64_t>(other.zxid));
  }
  for (const FinalState& state : history.final_states) {
    for (const FinalState& other : history.final_states) {
      if (state.server >= other.server || state.digest == 0 || other.digest == 0) continue;
      if (state.index == other.index && state.digest != other.digest) {
        out.push_back(absl::StrCat("at the end, at entry ", state.index, ", digest ",
                                   absl::Hex(state.digest), " on server ", state.server, ", ",
                                   absl::Hex(other.digest), " on server ", other.server));
      }
    }
  }
  return out;
}

}  // namespace rookery::sim
