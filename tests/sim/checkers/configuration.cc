// A server stands in the configuration that the entries up to the one it has applied say: after a
// start and after the installation of a checkpoint too.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/sim/checkers/checkers.h"

namespace rookery::sim {
namespace {

std::string ToText(const Configured& c) {
  return absl::StrCat(
      "[", absl::StrJoin(c.voters, " "), "]",
      c.outgoing.empty() ? "" : absl::StrCat(" and [", absl::StrJoin(c.outgoing, " "), "]"),
      c.learners.empty() ? "" : absl::StrCat(" learners [", absl::StrJoin(c.learners, " "), "]"));
}

bool Same(const Configured& a, const Configured& b) {
  return a.voters == b.voters && a.outgoing == b.outgoing && a.learners == b.learners;
}

}  // namespace

Violations CheckConfiguration(const History& history) {
  Violations out;
  // The true changes: what servers were handed as entries. A server that stands somewhere tells
  // only what it believes.
  std::map<uint64_t, const Configured*> changes;
  for (const Configured& one : history.configured) {
    if (one.stands && !changes.empty()) continue;
    const auto [at, fresh] = changes.emplace(one.index, &one);
    if (!fresh && !Same(*at->second, one)) {
      out.push_back(absl::StrCat("entry ", one.index, " brings ", ToText(one), " on server ",
                                 one.server, " and ", ToText(*at->second), " on server ",
                                 at->second->server));
    }
  }
  for (const Configured& one : history.configured) {
    if (!one.stands) continue;
    auto at = changes.upper_bound(one.index);
    if (at == changes.begin()) continue;
    const Configured& expected = *(--at)->second;
    if (Same(expected, one)) continue;
    out.push_back(absl::StrCat("server ", one.server, " in life ", one.life, " stands at entry ",
                               one.index, " with ", ToText(one), ", but entry ", expected.index,
                               " had brought ", ToText(expected)));
  }
  return out;
}

}  // namespace rookery::sim
