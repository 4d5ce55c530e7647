// Two logs that hold an entry of the same index and term hold the same entry, and the same ones
// before it.
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/logs.h"

namespace rookery::sim {
namespace {

struct Seen {
  const LogStep* step = nullptr;
  uint64_t term_before = 0;  // of the entry before it
  bool known_before = false;
};

}  // namespace

Violations CheckLogMatching(const History& history) {
  Violations out;
  Logs logs;
  std::map<std::pair<uint64_t, uint64_t>, Seen> seen;  // by index and term
  for (const LogStep& step : history.log) {
    const MemberLog& log = logs.Of(step.engine);
    if (step.kind == LogStep::Kind::kEntry) {
      Seen now{.step = &step};
      const auto before = log.entries.find(step.index - 1);
      if (before != log.entries.end()) {
        now.term_before = before->second.term;
        now.known_before = true;
      } else if (log.position == step.index - 1) {
        now.term_before = log.position_term;
        now.known_before = true;
      } else if (step.index <= log.last_index()) {
        // Into the trimmed part; nothing is known of what stands before.
      }
      const auto [at, fresh] = seen.emplace(std::pair(step.index, step.term), now);
      Seen& first = at->second;
      if (!fresh && first.step->hash != step.hash) {
        out.push_back(absl::StrCat("entry ", step.index, " of term ", step.term,
                                   " differs between servers ", first.step->server, " and ",
                                   step.server));
      }
      if (!fresh && first.known_before && now.known_before &&
          first.term_before != now.term_before) {
        out.push_back(absl::StrCat("before entry ", step.index, " of term ", step.term,
                                   " stands one of term ", first.term_before, " on server ",
                                   first.step->server, " and of term ", now.term_before,
                                   " on server ", step.server));
      }
      if (!first.known_before) first = now;
    }
    logs.Take(step);
  }
  return out;
}

}  // namespace rookery::sim
