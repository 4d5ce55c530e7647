// What a server was told to be committed was durable on a majority of the voters by then, disks
// among them that were damaged or went since; on both majorities of a joint configuration. The
// engine changes its configuration when the entry of the change is applied, not when it is
// appended: the configuration before counts too.
//
// And a leader commits what it found in its log only together with an entry of its own term, which
// is durable on a majority: what is counted without one may still be replaced.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/commits.h"
#include "tests/sim/checkers/logs.h"

namespace rookery::sim {
namespace {

bool OnMajority(const std::vector<model::ServerId>& voters, const Logs& logs,
                const Committed& committed) {
  const auto has = std::count_if(voters.begin(), voters.end(), [&](model::ServerId engine) {
    const auto at = logs.members().find(engine);
    return at != logs.members().end() && at->second.Held(committed.index, committed.term);
  });
  return voters.empty() || 2 * static_cast<size_t>(has) > voters.size();
}

// The entries of `term` that stand behind `index`, on all disks, newest last.
std::set<uint64_t> OwnEntries(const Logs& logs, uint64_t term, uint64_t index) {
  std::set<uint64_t> found;
  for (const auto& [engine, log] : logs.members()) {
    for (auto at = log.entries.upper_bound(index); at != log.entries.end(); ++at) {
      if (at->second.term == term) found.insert(at->first);
    }
  }
  return found;
}

bool OnMajorities(const Configured& in, const Logs& logs, const Committed& committed) {
  return OnMajority(in.voters, logs, committed) && OnMajority(in.outgoing, logs, committed);
}

// The last election before an entry was known to be committed, if the server that learned of it had
// won it, and had the entry on its disk by then: what was committed earlier it would have handed on
// earlier. Null otherwise.
const Led* CountedBy(const History& history, const Committed& committed) {
  const Led* last = nullptr;
  for (const Led& led : history.led) {
    if (led.order < committed.order && (last == nullptr || led.term > last->term)) last = &led;
  }
  if (last == nullptr || last->engine != committed.engine) return nullptr;
  if (last->term <= committed.term) return nullptr;
  const bool held = std::any_of(history.log.begin(), history.log.end(), [&](const LogStep& step) {
    return step.engine == last->engine && step.order < last->order &&
           step.kind == LogStep::Kind::kEntry && step.index == committed.index &&
           step.term == committed.term;
  });
  return held ? last : nullptr;
}

}  // namespace

Violations CheckCommitDurable(const History& history) {
  Violations out;
  // Configurations by the entry from which on they hold.
  std::map<uint64_t, const Configured*> configurations;
  for (const Configured& configured : history.configured) {
    configurations.emplace(configured.index, &configured);
  }
  // The first time that each was known to be committed, in order.
  std::vector<const Committed*> commits;
  for (const auto& [index, committed] : CommitsOf(history, nullptr)) commits.push_back(committed);
  std::stable_sort(commits.begin(), commits.end(),
                   [](const auto* a, const auto* b) { return a->order < b->order; });
  Logs logs;
  size_t step = 0;
  for (const Committed* committed : commits) {
    while (step < history.log.size() && history.log[step].order < committed->order) {
      logs.Take(history.log[step++]);
    }
    auto at = configurations.upper_bound(committed->index - 1);
    if (at == configurations.begin()) continue;
    --at;
    std::vector<const Configured*> in = {at->second};
    if (at != configurations.begin()) in.push_back(std::prev(at)->second);
    const auto durable = [&](const Committed& entry) {
      return std::any_of(in.begin(), in.end(),
                         [&](const Configured* one) { return OnMajorities(*one, logs, entry); });
    };
    if (durable(*committed)) {
      const Led* const led = CountedBy(history, *committed);
      if (led == nullptr) continue;
      const uint64_t term = led->term;
      bool together = false;
      for (const uint64_t index : OwnEntries(logs, term, committed->index)) {
        together = together || durable({.index = index, .term = term});
      }
      if (together) continue;
      out.push_back(absl::StrCat("entry ", committed->index, " of term ", committed->term,
                                 " was committed at server ", committed->server,
                                 ", which led in term ", term, ", without one of that term"));
      continue;
    }
    std::vector<std::string> on;
    for (const auto& [engine, log] : logs.members()) {
      if (log.Holds(committed->index, committed->term)) on.push_back(absl::StrCat(log.server));
    }
    out.push_back(absl::StrCat("entry ", committed->index, " of term ", committed->term,
                               " was committed at server ", committed->server,
                               " while durable only on [", absl::StrJoin(on, " "), "]"));
  }
  return out;
}

}  // namespace rookery::sim
