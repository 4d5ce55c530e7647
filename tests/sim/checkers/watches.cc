// A watch that an answer promised is told of the first change after that answer: once, and before
// any answer that is of that change or later. Nothing else is told.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using ChangeKind = model::Change::Kind;
using EventKind = client::WatchEvent::Kind;
using model::ErrorCode;

enum class Wanted { kData, kExistence, kChildren };

struct Promise {
  const Call* call;
  Wanted wanted;
  std::string path;
};

// What the answer of a read promised.
bool PromiseOf(const Call& call, Promise* out) {
  if (!call.watched || !call.answered()) return false;
  const auto* read = std::get_if<model::ReadOperation>(&call.operation);
  if (read == nullptr) return false;
  const bool found = call.ok();
  out->call = &call;
  out->path = *PathOf(call.operation);
  if (std::holds_alternative<model::GetChildrenRequest>(*read)) {
    out->wanted = Wanted::kChildren;
    return found;
  }
  if (std::holds_alternative<model::AddWatchRequest>(*read))
    return false;  // see staying_watches.cc
  out->wanted = found ? Wanted::kData : Wanted::kExistence;
  const bool exists = std::holds_alternative<model::ExistsRequest>(*read);
  return found || (exists && call.error == ErrorCode::kNoNode);
}

// Changes by path, with those of the children under the parent's.
class Changes {
 public:
  explicit Changes(const History& history) {
    for (PathChange& change : ChangesOf(history)) {
      const bool lists = change.kind == ChangeKind::kCreated || change.kind == ChangeKind::kDeleted;
      if (lists && change.path.size() > 1) {
        of_children_[std::string(model::ParentPath(change.path))].push_back(change);
      }
      of_[change.path].push_back(std::move(change));
    }
  }
  // The first after `zxid` that fires; null: none.
  const PathChange* FirstFor(const Promise& promise, model::Zxid zxid) const {
    const PathChange* first = nullptr;
    const auto look = [&](const std::map<std::string, std::vector<PathChange>>& changes,
                          auto fires) {
      const auto at = changes.find(promise.path);
      if (at == changes.end()) return;
      for (const PathChange& change : at->second) {
        if (change.zxid <= zxid || !fires(change.kind)) continue;
        if (first == nullptr || change.zxid < first->zxid) first = &change;
        return;
      }
    };
    if (promise.wanted == Wanted::kChildren) {
      look(of_children_, [](ChangeKind) { return true; });
      look(of_, [](ChangeKind kind) { return kind == ChangeKind::kDeleted; });
    } else {
      look(of_, [](ChangeKind kind) { return kind != ChangeKind::kAclChanged; });
    }
    return first;
  }
  // Whether anything happened to the path, or below it, that the event may speak of.
  bool Explains(const client::WatchEvent& event, model::Zxid after) const {
    const bool children = event.kind == EventKind::kChildrenChanged;
    const auto& changes = children ? of_children_ : of_;
    const auto at = changes.find(event.path);
    const bool exact = event.zxid >= 0;
    // What is caught up on after a reconnect speaks of how the node stands, not of one change.
    return at != changes.end() &&
               std::any_of(at->second.begin(), at->second.end(),
                           [&](const PathChange& change) {
                             if (exact && change.zxid != event.zxid) return false;
                             return change.zxid > after &&
                                    (children || Fits(event.kind, change.kind, exact));
                           }) ||
           (children && !exact && Recreated(event.path, after));
  }

 private:
  static bool Fits(EventKind event, ChangeKind change, bool exact) {
    switch (event) {
      case EventKind::kCreated:
        return change == ChangeKind::kCreated;
      case EventKind::kDeleted:
        return change == ChangeKind::kDeleted;
      case EventKind::kDataChanged:
        return change == ChangeKind::kDataChanged || (!exact && change == ChangeKind::kCreated);
      default:
        return false;
    }
  }
  bool Recreated(const std::string& path, model::Zxid after) const {
    const auto at = of_.find(path);
    return at != of_.end() &&
           std::any_of(at->second.begin(), at->second.end(), [&](const PathChange& change) {
             return change.zxid > after && change.kind == ChangeKind::kCreated;
           });
  }

  std::map<std::string, std::vector<PathChange>> of_;
  std::map<std::string, std::vector<PathChange>> of_children_;
};

class Watches {
 public:
  explicit Watches(const History& history) : history_(history), changes_(history) {
    for (const Told& told : history.told) told_[{told.client, told.call}].push_back(&told);
    for (auto& [session, calls] : BySession(history)) {
      std::sort(calls.begin(), calls.end(),
                [](const Call* a, const Call* b) { return a->returned < b->returned; });
      answers_[session] = std::move(calls);
    }
    for (const SessionChange& change : history.sessions) {
      if (change.state == client::SessionState::kConnecting) {
        reconnects_[change.client].insert(change.order);
      }
    }
  }

  Violations Check() {
    for (const Told& told : history_.told) {
      if (told.call == 0 && !CaughtUpTwice(told)) {
        out_.push_back(absl::StrCat("an event that nobody waited for: ", ToText(told)));
      }
    }
    for (const Call& call : history_.calls) {
      Promise promise;
      if (PromiseOf(call, &promise)) CheckPromise(promise);
    }
    return std::move(out_);
  }

 private:
  void CheckPromise(const Promise& promise) {
    const Call& call = *promise.call;
    const auto at = told_.find({call.client, call.number});
    const Told* told = at == told_.end() ? nullptr : at->second.front();
    if (told != nullptr && at->second.size() > 1) {
      out_.push_back(absl::StrCat(ToText(call), " was told twice: ", ToText(*at->second[1])));
    }
    const bool lost = told != nullptr && told->event.kind == EventKind::kSessionLost;
    if (told != nullptr && !lost && !history_.changed.empty() &&
        !changes_.Explains(told->event, call.zxid)) {
      out_.push_back(
          absl::StrCat(ToText(call), " was told of what did not happen: ", ToText(*told)));
    }
    const PathChange* first = changes_.FirstFor(promise, call.zxid);
    if (first == nullptr) return;
    const Call* shows = FirstAnswerFrom(first->zxid, call);
    if (shows == nullptr || (told != nullptr && told->order < shows->returned)) return;
    if (MayBeMissed(promise, shows->returned)) return;
    out_.push_back(absl::StrCat(
        ToText(call), told == nullptr || lost ? " was not told of" : " was told too late of",
        " the change of ", first->path, " at ", model::ToHex(first->zxid), " before ",
        ToText(*shows)));
  }

  // The first answer of the same session behind the promise that is of `zxid` or later.
  const Call* FirstAnswerFrom(model::Zxid zxid, const Call& promise) const {
    for (const Call* answer : answers_.at(promise.session)) {
      if (answer->returned > promise.returned && answer->zxid >= zxid) return answer;
    }
    return nullptr;
  }

  // That a node is gone is told to a watch on its data and to one on its children when both are
  // armed again (zookeeper-protocol 3.4); the first has told both.
  bool CaughtUpTwice(const Told& again) const {
    if (again.event.kind != EventKind::kDeleted || again.event.zxid != -1) return false;
    return std::any_of(history_.told.begin(), history_.told.end(), [&](const Told& told) {
      return told.client == again.client && told.session == again.session && told.call != 0 &&
             told.order < again.order && told.event.kind == again.event.kind &&
             told.event.path == again.event.path && told.event.zxid == -1 &&
             !Reconnected(told.client, told.order, again.order);
    });
  }

  bool Reconnected(uint32_t client, Order from, Order until) const {
    const auto at = reconnects_.find(client);
    if (at == reconnects_.end()) return false;
    const auto next = at->second.upper_bound(from);
    return next != at->second.end() && *next < until;
  }

  // A node that came and went while its watcher had no connection: nobody can tell, ZooKeeper
  // neither.
  bool MayBeMissed(const Promise& promise, Order until) const {
    if (promise.wanted != Wanted::kExistence) return false;
    return Reconnected(promise.call->client, promise.call->returned, until);
  }

  const History& history_;
  const Changes changes_;
  std::map<std::pair<uint32_t, uint64_t>, std::vector<const Told*>> told_;
  std::map<model::SessionId, std::vector<const Call*>> answers_;
  std::map<uint32_t, std::set<Order>> reconnects_;
  Violations out_;
};

}  // namespace

Violations CheckWatches(const History& history) { return Watches(history).Check(); }

}  // namespace rookery::sim
