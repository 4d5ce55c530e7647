// What a server was told to be committed was durable on a majority of the voters by then; on both
// majorities of a joint configuration. The engine changes its configuration when the entry of the
// change is applied, not when it is appended: the configuration before counts too.
#include <algorithm>
#include <iterator>
#include <map>

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
    return at != logs.members().end() && at->second.Holds(committed.index, committed.term);
  });
  return voters.empty() || 2 * static_cast<size_t>(has) > voters.size();
}

bool OnMajorities(const Configured& in, const Logs& logs, const Committed& committed) {
  return OnMajority(in.voters, logs, committed) && OnMajority(in.outgoing, logs, committed);
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
    if (OnMajorities(*at->second, logs, *committed)) continue;
    if (at != configurations.begin() && OnMajorities(*std::prev(at)->second, logs, *committed)) {
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
