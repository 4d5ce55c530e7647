// A watch that stays (addWatch) is told of every change that is its own: as often as it happened,
// in the order of zxids, and before any answer that is of that change or later; until it is
// removed. Nothing else is told. What happened while its client had no connection is not told; from
// the first answer after a reconnect on everything is again.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/model/path.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using ChangeKind = model::Change::Kind;
using EventKind = client::WatchEvent::Kind;

// What a watch may be told.
struct Due {
  model::Zxid zxid = 0;
  EventKind kind = EventKind::kCreated;
  std::string path;
  auto operator<=>(const Due&) const = default;
};

bool IsBelow(absl::string_view path, absl::string_view top) {
  return path == top || top == "/" || absl::StartsWith(path, absl::StrCat(top, "/"));
}

EventKind KindOf(ChangeKind kind) {
  if (kind == ChangeKind::kCreated) return EventKind::kCreated;
  return kind == ChangeKind::kDeleted ? EventKind::kDeleted : EventKind::kDataChanged;
}

// By zxid.
std::vector<Due> DueTo(const model::AddWatchRequest& watch,
                       const std::vector<PathChange>& changes) {
  std::vector<Due> due;
  const bool recursive = watch.mode == model::WatchMode::kPersistentRecursive;
  for (const PathChange& change : changes) {
    if (change.kind == ChangeKind::kAclChanged) continue;
    if (recursive ? IsBelow(change.path, watch.path) : change.path == watch.path) {
      due.push_back({change.zxid, KindOf(change.kind), change.path});
    }
    if (recursive || change.kind == ChangeKind::kDataChanged || change.path.size() <= 1) continue;
    if (model::ParentPath(change.path) == watch.path) {
      due.push_back({change.zxid, EventKind::kChildrenChanged, watch.path});
    }
  }
  return due;
}

// The time in which a watch stood on one connection.
struct Stay {
  Order from = 0;
  Order until = 0;
  model::Zxid since = 0;  // what came later is due
};

class Watches {
 public:
  explicit Watches(const History& history)
      : history_(history), changes_(ChangesOf(history)), answers_(BySession(history)) {
    for (auto& [session, calls] : answers_) {
      std::sort(calls.begin(), calls.end(),
                [](const Call* a, const Call* b) { return a->returned < b->returned; });
    }
    for (const Told& told : history.told) told_[{told.client, told.call}].push_back(&told);
    for (const SessionChange& change : history.sessions) {
      if (change.state == client::SessionState::kConnecting) {
        breaks_[change.client].insert(change.order);
      }
    }
    for (const Call& call : history.calls) {
      if (Removal(call) != nullptr && call.ok()) removals_[call.client].push_back(&call);
    }
  }

  Violations Check() {
    for (const Call& call : history_.calls) {
      const auto* read = std::get_if<model::ReadOperation>(&call.operation);
      const auto* watch = read == nullptr ? nullptr : std::get_if<model::AddWatchRequest>(read);
      if (watch != nullptr && call.watched && call.answered() && call.ok()) Check(call, *watch);
    }
    return std::move(out_);
  }

 private:
  static const model::RemoveWatchesRequest* Removal(const Call& call) {
    const auto* read = std::get_if<model::ReadOperation>(&call.operation);
    return read == nullptr ? nullptr : std::get_if<model::RemoveWatchesRequest>(read);
  }

  void Check(const Call& call, const model::AddWatchRequest& watch) {
    const std::vector<Due> due = DueTo(watch, changes_);
    const Call* removal = RemovalOf(call, watch);
    for (const Stay& stay : StaysOf(call, removal)) CheckStay(call, due, stay);
    if (removal == nullptr) return;
    for (const Told* told : ToldTo(call)) {
      if (told->order <= removal->returned || told->event.kind == EventKind::kSessionLost) continue;
      out_.push_back(absl::StrCat(ToText(call), " was told though ", NameOf(*removal),
                                  " had removed it: ", ToText(*told)));
    }
  }

  const std::vector<const Told*>& ToldTo(const Call& call) const {
    static const std::vector<const Told*> kNothing;
    const auto at = told_.find({call.client, call.number});
    return at == told_.end() ? kNothing : at->second;
  }

  // The first removal in the same session that was answered after the watch was there.
  const Call* RemovalOf(const Call& call, const model::AddWatchRequest& watch) const {
    const model::WatcherType type = model::WatcherTypeOf(watch.mode);
    const auto at = removals_.find(call.client);
    if (at == removals_.end()) return nullptr;
    const Call* first = nullptr;
    for (const Call* one : at->second) {
      const model::RemoveWatchesRequest& removal = *Removal(*one);
      if (one->session != call.session || one->returned < call.returned) continue;
      if (removal.path != watch.path || removal.type != type) continue;
      if (first == nullptr || one->returned < first->returned) first = one;
    }
    return first;
  }

  std::vector<Stay> StaysOf(const Call& call, const Call* removal) const {
    Order end = removal == nullptr ? ~Order{0} : removal->invoked;
    for (const Told* told : ToldTo(call)) {
      if (told->event.kind == EventKind::kSessionLost) end = std::min(end, told->order);
    }
    std::vector<Stay> stays = {{.from = call.returned, .until = end, .since = call.zxid}};
    const auto breaks = breaks_.find(call.client);
    if (breaks == breaks_.end()) return stays;
    for (auto at = breaks->second.upper_bound(call.returned);
         at != breaks->second.end() && *at < end; ++at) {
      stays.back().until = *at;
      const Call* first = FirstAnswer(call.session, *at, 0);
      if (first == nullptr) break;
      stays.push_back({.from = *at, .until = end, .since = first->zxid});
    }
    return stays;
  }

  // The first answer of a session behind `order` that is of `zxid` or later; null: none.
  const Call* FirstAnswer(model::SessionId session, Order order, model::Zxid zxid) const {
    const auto answers = answers_.find(session);
    if (answers == answers_.end()) return nullptr;
    for (const Call* answer : answers->second) {
      if (answer->returned > order && answer->zxid >= zxid) return answer;
    }
    return nullptr;
  }

  void CheckStay(const Call& call, const std::vector<Due>& due, const Stay& stay) {
    std::map<Due, std::vector<const Told*>> told;
    model::Zxid last = 0;
    for (const Told* one : ToldTo(call)) {
      if (one->order < stay.from || one->order >= stay.until) continue;
      const client::WatchEvent& event = one->event;
      if (event.kind == EventKind::kSessionLost || event.kind == EventKind::kReconnected) continue;
      // What another watch on the node catches up on after a reconnect, which all of them hear.
      if (event.zxid == -1) continue;
      if (event.zxid < last) {
        out_.push_back(absl::StrCat(ToText(call), " was told in another order: ", ToText(*one)));
      }
      last = std::max(last, event.zxid);
      told[{event.zxid, event.kind, event.path}].push_back(one);
    }
    std::map<Due, size_t> happened;
    for (const Due& one : due) ++happened[one];
    for (const auto& [what, events] : told) {
      const auto at = happened.find(what);
      const size_t times = at == happened.end() ? 0 : at->second;
      if (events.size() <= times) continue;
      out_.push_back(absl::StrCat(ToText(call), " was told ", events.size(), " times of what was ",
                                  times, " times: ", ToText(*events.back())));
    }
    for (const auto& [what, times] : happened) {
      if (what.zxid <= stay.since) continue;
      const Call* shows = FirstAnswer(call.session, stay.from, what.zxid);
      if (shows == nullptr || shows->returned >= stay.until) return;  // nor do later ones
      const auto at = told.find(what);
      const size_t in_time =
          at == told.end() ? 0
                           : static_cast<size_t>(std::count_if(
                                 at->second.begin(), at->second.end(),
                                 [&](const Told* one) { return one->order < shows->returned; }));
      if (in_time >= times) continue;
      out_.push_back(absl::StrCat(ToText(call), " was told ", in_time, " of ", times, " times of ",
                                  client::EventName(what.kind), " ", what.path, " at ",
                                  model::ToHex(what.zxid), " before ", ToText(*shows)));
    }
  }

  const History& history_;
  const std::vector<PathChange> changes_;
  std::map<model::SessionId, std::vector<const Call*>> answers_;
  std::map<std::pair<uint32_t, uint64_t>, std::vector<const Told*>> told_;
  std::map<uint32_t, std::set<Order>> breaks_;
  std::map<uint32_t, std::vector<const Call*>> removals_;
  Violations out_;
};

}  // namespace

Violations CheckStayingWatches(const History& history) {
  // Where it is not known what servers did, nobody can say what was due.
  if (history.changed.empty()) return {};
  return Watches(history).Check();
}

}  // namespace rookery::sim
