// Zxids and the numbers of Stats. A zxid belongs to one write; writes that follow each other in
// time have rising ones. A node's numbers move together: each version of its data stands for one
// mzxid and one value, each cversion for one pzxid, whoever looks and at whichever server.
#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using model::ErrorCode;
using model::ToHex;

std::string Both(absl::string_view what, const Call& a, const Call& b) {
  return absl::StrCat(what, ": ", ToText(a), " and ", ToText(b));
}

bool TookZxid(const Call& call) { return call.answered() && IsWrite(call.operation); }

void CheckZxids(const History& history, Violations* out) {
  std::vector<const Call*> writes;
  for (const Call& call : history.calls) {
    if (TookZxid(call)) writes.push_back(&call);
  }
  std::map<model::Zxid, const Call*> by_zxid;
  for (const Call* call : writes) {
    const auto [before, fresh] = by_zxid.emplace(call->zxid, call);
    if (!fresh) out->push_back(Both("one zxid for two writes", *before->second, *call));
  }
  // In the order of answers; the newest zxid that was answered before a write was asked.
  std::vector<const Call*> answered = writes;
  std::sort(answered.begin(), answered.end(),
            [](const Call* a, const Call* b) { return a->returned < b->returned; });
  std::sort(writes.begin(), writes.end(),
            [](const Call* a, const Call* b) { return a->invoked < b->invoked; });
  const Call* newest = nullptr;
  size_t next = 0;
  for (const Call* call : writes) {
    while (next < answered.size() && answered[next]->returned < call->invoked) {
      if (newest == nullptr || answered[next]->zxid > newest->zxid) newest = answered[next];
      ++next;
    }
    if (newest != nullptr && call->zxid <= newest->zxid) {
      out->push_back(
          Both("a write that began after another was answered is older", *call, *newest));
    }
  }
}

// What the reply of a write must say of the node.
void CheckOwnStat(const Write& write, Violations* out) {
  if (write.stat == nullptr) return;
  const model::Stat& stat = *write.stat;
  const auto expect = [&](absl::string_view what, int64_t found, int64_t wanted) {
    if (found == wanted) return;
    out->push_back(absl::StrCat(ToText(*write.call), ": ", what, " of ", write.path, " is ", found,
                                ", not ", wanted));
  };
  if (write.kind == Write::Kind::kCreate) {
    expect("czxid", stat.czxid, write.zxid);
    expect("mzxid", stat.mzxid, write.zxid);
    expect("pzxid", stat.pzxid, write.zxid);
    expect("version", stat.version, 0);
    expect("cversion", stat.cversion, 0);
    expect("owner", stat.ephemeral_owner, write.ephemeral ? write.call->session : 0);
  } else if (write.kind == Write::Kind::kSetData) {
    expect("mzxid", stat.mzxid, write.zxid);
    if (write.expected_version != -1) expect("version", stat.version, write.expected_version + 1);
  } else if (write.kind == Write::Kind::kSetAcl && write.expected_version != -1) {
    expect("aversion", stat.aversion, write.expected_version + 1);
  }
}

// One life of one node: from a creation to its deletion.
class Node {
 public:
  void See(const Sight& sight, Violations* out) {
    const model::Stat& stat = *sight.stat;
    Pair(&versions_, stat.version, stat.mzxid, sight, "mzxid of one version", out);
    Pair(&cversions_, stat.cversion, stat.pzxid, sight, "pzxid of one cversion", out);
    Pair(&children_, stat.cversion, stat.num_children, sight, "children of one cversion", out);
    Pair(&owners_, 0, stat.ephemeral_owner, sight, "owner", out);
    Pair(&born_, 0, stat.ctime_ms, sight, "ctime", out);
    if (sight.children != nullptr) SeeChildren(sight, out);
    if (sight.data == nullptr) return;
    const auto length = sight.data->has_value() ? static_cast<int64_t>((*sight.data)->size()) : 0;
    if (stat.data_length != length) {
      out->push_back(absl::StrCat(ToText(*sight.call), ": data of ", length,
                                  " bytes, but dataLength is ", stat.data_length));
    }
    const auto [at, fresh] = values_.emplace(stat.version, sight);
    if (!fresh && *at->second.data != *sight.data) {
      out->push_back(Both("two values for one version", *at->second.call, *sight.call));
    }
  }
  // Later versions are of later writes.
  void CheckRising(Violations* out) const {
    CheckRising(versions_, "version", out);
    CheckRising(cversions_, "cversion", out);
  }

 private:
  void SeeChildren(const Sight& sight, Violations* out) {
    if (sight.children->size() != static_cast<size_t>(sight.stat->num_children)) {
      out->push_back(absl::StrCat(ToText(*sight.call), ": ", sight.children->size(),
                                  " names, but numChildren is ", sight.stat->num_children));
    }
    const auto [at, fresh] = lists_.emplace(sight.stat->cversion, sight);
    if (!fresh && *at->second.children != *sight.children) {
      out->push_back(Both("two lists of children for one cversion", *at->second.call, *sight.call));
    }
  }

  struct Seen {
    int64_t value;
    const Call* call;
  };
  using Pairs = std::map<int64_t, Seen>;

  static void Pair(Pairs* pairs, int64_t key, int64_t value, const Sight& sight,
                   absl::string_view what, Violations* out) {
    const auto [at, fresh] = pairs->emplace(key, Seen{value, sight.call});
    if (!fresh && at->second.value != value) {
      out->push_back(Both(absl::StrCat("two values for the ", what, " of ", sight.path),
                          *at->second.call, *sight.call));
    }
  }
  static void CheckRising(const Pairs& pairs, absl::string_view what, Violations* out) {
    const Seen* before = nullptr;
    for (const auto& [key, seen] : pairs) {
      // A multi may change a node more than once.
      if (before != nullptr && seen.value < before->value) {
        out->push_back(
            Both(absl::StrCat("a later ", what, " of an older write"), *seen.call, *before->call));
      }
      before = &seen;
    }
  }

  Pairs versions_, cversions_, children_, owners_, born_;
  std::map<int64_t, Sight> values_;
  std::map<int64_t, Sight> lists_;
};

}  // namespace

Violations CheckVersions(const History& history) {
  Violations out;
  CheckZxids(history, &out);
  for (const Write& write : WritesOf(history)) {
    if (write.certain) CheckOwnStat(write, &out);
  }
  std::map<std::pair<std::string, int64_t>, Node> nodes;  // by path and czxid
  for (const Sight& sight : SightsOf(history)) {
    if (sight.stat == nullptr) continue;
    if (sight.stat->czxid > sight.zxid || sight.stat->mzxid > sight.zxid ||
        sight.stat->pzxid > sight.zxid) {
      out.push_back(absl::StrCat(ToText(*sight.call), ": a node from after the answer's zxid"));
    }
    nodes[{sight.path, sight.stat->czxid}].See(sight, &out);
  }
  for (const auto& [key, node] : nodes) node.CheckRising(&out);
  return out;
}

}  // namespace rookery::sim
