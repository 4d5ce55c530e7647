// Who leads has everything that was committed in terms before its own. Looked at when the leader's
// first own entry is durable in its log: what it began with stands before that.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/commits.h"
#include "tests/sim/checkers/logs.h"

namespace rookery::sim {
namespace {

// What was known to be committed by then was committed in a term before that of `led`: it had not
// won yet, nor had a leader of a later term, who may have won first if this one slept over votes
// that it had been given, and who commits entries of earlier terms with its own.
Order EndOfEarlierTerms(const History& history, const Led& led) {
  Order end = led.order;
  for (const Led& other : history.led) {
    if (other.term > led.term) end = std::min(end, other.order);
  }
  return end;
}

}  // namespace

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
    const Order end = EndOfEarlierTerms(history, led);
    for (auto next = commits.lower_bound(std::max(first, log.position + 1)); next != commits.end();
         ++next) {
      const Committed& committed = *next->second;
      if (committed.order > end || committed.term >= led.term) continue;
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
