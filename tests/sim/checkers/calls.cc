// What calls without a session are shown: a scan is one state of a subtree, the whole of it; a
// watch tells every change of the nodes that it follows, once, in order, and nothing else.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using ChangeKind = model::Change::Kind;
using EventKind = client::WatchEvent::Kind;
using model::ToHex;
using model::Zxid;

void CheckScan(const FinalState& scan, Violations* out) {
  const auto says = [&](absl::string_view path, absl::string_view what) {
    out->push_back(absl::StrCat("a scan at ", ToHex(scan.zxid), " on server ", scan.server,
                                " shows ", path, " ", what));
  };
  std::map<std::string, int32_t> children;
  for (const auto& [path, node] : scan.nodes) {
    const model::Stat& stat = node.stat;
    if (std::max({stat.czxid, stat.mzxid, stat.pzxid}) > scan.zxid) {
      says(path, "as it stood later");
    }
    const std::string parent(model::ParentPath(path));
    if (parent.size() > 1) ++children[parent];
  }
  for (const auto& [path, count] : children) {
    if (!scan.nodes.contains(path)) says(path, "by its children alone");
  }
  for (const auto& [path, node] : scan.nodes) {
    const auto at = children.find(path);
    const int32_t found = at == children.end() ? 0 : at->second;
    if (found != node.stat.num_children) {
      says(path, absl::StrCat("with ", found, " children of ", node.stat.num_children));
    }
  }
}

// Two scans, or a scan and how a server stood in the end, show one thing for one version.
void CheckVersions(const History& history, Violations* out) {
  std::map<std::tuple<std::string, Zxid, int32_t>, const FinalNode*> seen;
  const auto look = [&](const FinalState& state) {
    for (const auto& [path, node] : state.nodes) {
      const auto [at, fresh] =
          seen.emplace(std::tuple(path, node.stat.czxid, node.stat.version), &node);
      if (fresh || (at->second->data == node.data && at->second->stat.mzxid == node.stat.mzxid)) {
        continue;
      }
      out->push_back(absl::StrCat("version ", node.stat.version, " of ", path, " on server ",
                                  state.server, " is not what another server or scan shows"));
    }
  };
  for (const FinalState& state : history.scans) look(state);
  for (const FinalState& state : history.final_states) look(state);
}

using Event = std::tuple<Zxid, std::string, EventKind>;

// What a change tells who follows `paths`.
void AddEvents(const Changed& change, const std::set<std::string>& paths,
               std::multiset<Event>* out) {
  const bool made = change.kind == ChangeKind::kCreated;
  const bool gone = change.kind == ChangeKind::kDeleted;
  if (paths.contains(change.path)) {
    if (made) out->insert({change.zxid, change.path, EventKind::kCreated});
    if (gone) out->insert({change.zxid, change.path, EventKind::kDeleted});
    if (change.kind == ChangeKind::kDataChanged) {
      out->insert({change.zxid, change.path, EventKind::kDataChanged});
    }
  }
  const std::string parent(model::ParentPath(change.path));
  if ((made || gone) && paths.contains(parent)) {
    out->insert({change.zxid, parent, EventKind::kChildrenChanged});
  }
}

void CheckFollowed(const Followed& followed, const std::vector<Changed>& changes, Violations* out) {
  const std::set<std::string> paths(followed.paths.begin(), followed.paths.end());
  const Zxid last = followed.events.empty() ? 0 : followed.events.back().zxid;
  const Zxid through = std::max(followed.through, last);
  std::multiset<Event> wanted, told;
  for (const Changed& change : changes) {
    if (change.zxid > followed.armed && change.zxid <= through) AddEvents(change, paths, &wanted);
  }
  Zxid before = followed.armed;
  for (const client::WatchEvent& event : followed.events) {
    if (event.zxid < before) {
      out->push_back(absl::StrCat("server ", followed.server, " told ", event.path, " at ",
                                  ToHex(event.zxid), " behind ", ToHex(before)));
    }
    before = event.zxid;
    told.insert({event.zxid, event.path, event.kind});
  }
  std::vector<Event> differ;
  std::set_symmetric_difference(wanted.begin(), wanted.end(), told.begin(), told.end(),
                                std::back_inserter(differ));
  if (differ.empty()) return;
  const auto& [zxid, path, kind] = differ.front();
  const bool missing = wanted.count(differ.front()) > told.count(differ.front());
  out->push_back(absl::StrCat("a watch that was armed at ", ToHex(followed.armed), " on server ",
                              followed.server, missing ? " was not told of " : " was told of ",
                              client::EventName(kind), " ", path, " at ", ToHex(zxid),
                              missing ? "" : ", which did not happen then"));
}

}  // namespace

Violations CheckCalls(const History& history) {
  Violations out;
  for (const FinalState& scan : history.scans) CheckScan(scan, &out);
  CheckVersions(history, &out);
  if (history.changed.empty()) return out;
  for (const Followed& followed : history.followed) {
    CheckFollowed(followed, history.changed, &out);
  }
  return out;
}

}  // namespace rookery::sim
