// What a session has seen of a node it never sees undone: over reconnects to servers that lag too.
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

// What a session knows of one node.
struct Known {
  model::Stat stat;
  const Call* seen_by = nullptr;
  model::Zxid deleted = 0;  // by a write of the session, or as of an answer that did not find it
  const Call* deleted_by = nullptr;
};

std::string Older(const Call& call, absl::string_view what, const Call& before) {
  return absl::StrCat(ToText(call), " shows an older ", what, " than the session had seen in ",
                      ToText(before));
}

void Look(const Sight& sight, Known* known, Violations* out) {
  if (sight.stat == nullptr) {
    known->deleted = std::max(known->deleted, sight.zxid);
    known->deleted_by = sight.call;
    return;
  }
  const model::Stat& now = *sight.stat;
  if (known->deleted_by != nullptr && now.czxid < known->deleted && now.mzxid < known->deleted &&
      known->deleted > sight.zxid) {
    out->push_back(Older(*sight.call, "node", *known->deleted_by));
  }
  if (known->seen_by != nullptr) {
    const model::Stat& before = known->stat;
    if (now.czxid < before.czxid) out->push_back(Older(*sight.call, "node", *known->seen_by));
    if (now.mzxid < before.mzxid) out->push_back(Older(*sight.call, "value", *known->seen_by));
    if (now.czxid == before.czxid && now.pzxid < before.pzxid) {
      out->push_back(Older(*sight.call, "list of children", *known->seen_by));
    }
    if (now.czxid == before.czxid && now.aversion < before.aversion) {
      out->push_back(Older(*sight.call, "ACL", *known->seen_by));
    }
  }
  known->stat = now;
  known->seen_by = sight.call;
}

}  // namespace

Violations CheckMonotonicReads(const History& history) {
  Violations out;
  std::map<std::pair<model::SessionId, std::string>, Known> known;
  std::map<model::SessionId, const Call*> newest;
  for (const Sight& sight : SightsOf(history)) {
    const model::SessionId session = sight.call->session;
    if (session == 0) continue;
    const Call*& last = newest[session];
    if (last != nullptr && sight.zxid < last->zxid) {
      out.push_back(Older(*sight.call, "state", *last));
    }
    if (last == nullptr || last->zxid < sight.zxid) last = sight.call;
    Look(sight, &known[{session, sight.path}], &out);
  }
  return out;
}

}  // namespace rookery::sim
