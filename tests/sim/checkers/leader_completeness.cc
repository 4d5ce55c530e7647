// Who leads has everything that was committed before. Looked at when the leader's first own entry
// is durable in its log: what it began with stands before that.
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/commits.h"
#include "tests/sim/checkers/logs.h"

namespace rookery::sim {

Violations CheckLeaderCompleteness(const History& history) {
  Violations out;
  const std::map<uint64_t, const Committed*> commits = CommitsOf(history, &out);
  std::map<uint64_t, const Led*> leaders;  // by term
  for (const Led& led : history.led) leaders.emplace(led.term, &led);
  Logs logs;
  for (const LogStep& step : history.log) {
    logs.Take(step);
    if (step.kind != LogStep::Kind::kEntry) continue;
    const auto at = leaders.find(step.term);
    if (at == leaders.end() || at->second->engine != step.engine) continue;
    const Led& led = *at->second;
    leaders.erase(at);
    const MemberLog& log = logs.Of(step.engine);
    // Entries that the log was trimmed of were committed by itself.
    const uint64_t first = log.entries.begin()->first;
    for (auto next = commits.lower_bound(std::max(first, log.position + 1)); next != commits.end();
         ++next) {
      const Committed& committed = *next->second;
      if (committed.order > led.order || committed.term >= led.term) continue;
      if (committed.index < step.index && log.Holds(committed.index, committed.term)) continue;
      out.push_back(absl::StrCat("server ", led.server, " led in term ", led.term,
                                 " without entry ", committed.index, " of term ", committed.term,
                                 ", which was committed before"));
      break;
    }
  }
  return out;
}

}  // namespace rookery::sim
