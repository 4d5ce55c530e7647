// What was committed, and when that was first known. Private to this folder.
#pragma once

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {

// By index. Two servers that were told different terms for one index are a violation.
inline std::map<uint64_t, const Committed*> CommitsOf(const History& history, Violations* out) {
  std::map<uint64_t, const Committed*> commits;
  for (const Committed& committed : history.committed) {
    const auto [at, fresh] = commits.emplace(committed.index, &committed);
    if (fresh || at->second->term == committed.term || out == nullptr) continue;
    out->push_back(absl::StrCat(
        "entry ", committed.index, " was committed with term ", at->second->term, " on server ",
        at->second->server, " and with term ", committed.term, " on server ", committed.server));
  }
  return commits;
}

}  // namespace rookery::sim
