#include "coordinator/watch/watch_table.h"

#include <algorithm>
#include <iterator>

#include "coordinator/model/path.h"

namespace rookery::watch {
namespace {

// How a registration lives, as bits: consumed by its first event, staying, covering all below.
enum Mode : uint8_t { kNone = 0, kStandard = 1, kStays = 2, kRecursive = 4 };

// Which modes a kind of watch puts into each registry.
struct KindRow {
  uint8_t data_modes;
  uint8_t child_modes;
};
constexpr KindRow kWatchKinds[] = {
    {kStandard, kNone},   // kData
    {kNone, kStandard},   // kChild
    {kStays, kStays},     // kPersistent
    {kRecursive, kNone},  // kPersistentRecursive
};

// Which modes a type of watcher means in each registry: bits of KindRow, by number (3.5).
constexpr KindRow kWatcherTypes[] = {
    {kNone, kNone},
    {kNone, kStandard},                                                  // kChildren
    {kStandard, kNone},                                                  // kData
    {kStandard | kStays | kRecursive, kStandard | kStays | kRecursive},  // kAny
    {kStays, kStays},                                                    // kPersistent
    {kRecursive, kNone},                                                 // kPersistentRecursive
};

}  // namespace

void WatchTable::Add(ConnectionId connection, absl::string_view path, WatchKind kind) {
  const KindRow& row = kWatchKinds[static_cast<size_t>(kind)];
  Place* place = &*table_.try_emplace(path).first;
  std::vector<Watcher>& list = place->second.list;
  // New connections have high numbers: mostly this is the end.
  auto at = list.end();
  if (!list.empty() && list.back().connection >= connection) at = Seek(&list, connection);
  if (at == list.end() || at->connection != connection) {
    at = list.insert(at, {.connection = connection});
    by_connection_[connection].places.insert(place);
  }
  Set(place, &*at, kDataRegistry, at->modes[kDataRegistry] | row.data_modes);
  Set(place, &*at, kChildRegistry, at->modes[kChildRegistry] | row.child_modes);
}

// The first watcher that is not before this connection's.
std::vector<WatchTable::Watcher>::iterator WatchTable::Seek(std::vector<Watcher>* list,
                                                            ConnectionId connection) {
  return std::lower_bound(
      list->begin(), list->end(), connection,
      [](const Watcher& watcher, ConnectionId wanted) { return watcher.connection < wanted; });
}

bool WatchTable::Has(ConnectionId connection, absl::string_view path,
                     model::WatcherType type) const {
  const KindRow& row = kWatcherTypes[static_cast<size_t>(type)];
  const auto at = table_.find(path);
  if (at == table_.end()) return false;
  for (const Watcher& watcher : at->second.list) {
    if (watcher.connection != connection) continue;
    return (watcher.modes[kDataRegistry] & row.data_modes) != kNone ||
           (watcher.modes[kChildRegistry] & row.child_modes) != kNone;
  }
  return false;
}

bool WatchTable::Remove(ConnectionId connection, absl::string_view path, model::WatcherType type) {
  if (!Has(connection, path, type)) return false;
  const KindRow& row = kWatcherTypes[static_cast<size_t>(type)];
  Place* place = &*table_.find(path);
  std::vector<Watcher>& list = place->second.list;
  const auto at = Seek(&list, connection);
  Set(place, &*at, kDataRegistry, at->modes[kDataRegistry] & ~row.data_modes);
  Set(place, &*at, kChildRegistry, at->modes[kChildRegistry] & ~row.child_modes);
  if (at->modes[kDataRegistry] != kNone || at->modes[kChildRegistry] != kNone) return true;
  Forget(connection, place);
  list.erase(at);
  if (list.empty()) table_.erase(table_.find(path));
  return true;
}

void WatchTable::Set(Place* place, Watcher* watcher, Registry registry, uint8_t modes) {
  Recount(place, watcher->connection, registry, watcher->modes[registry], modes);
  watcher->modes[registry] = modes;
}

void WatchTable::Recount(Place* place, ConnectionId connection, Registry registry, uint8_t before,
                         uint8_t now) {
  if ((before ^ now) & kRecursive) recursive_count_ += (now & kRecursive) ? 1 : -1;
  if ((before != kNone) == (now != kNone)) return;
  const uint64_t by = now != kNone ? 1 : -1;  // wraps, and back again in the sum
  counts_.all_watches += by;
  uint64_t& here = place->second.counts[registry];
  here += by;
  if (registry != kDataRegistry) return;
  counts_.data_watches += by;
  if (here == (now != kNone ? 1 : 0)) counts_.data_paths += by;
  uint64_t& own = by_connection_.find(connection)->second.data_watches;
  own += by;
  if (own == (now != kNone ? 1 : 0)) counts_.connections += by;
}

void WatchTable::Drop(ConnectionId connection) {
  const auto own = by_connection_.find(connection);
  if (own == by_connection_.end()) return;
  for (Place* place : own->second.places) {
    std::vector<Watcher>& list = place->second.list;
    const auto at = Seek(&list, connection);
    Set(place, &*at, kDataRegistry, kNone);
    Set(place, &*at, kChildRegistry, kNone);
    list.erase(at);
    if (list.empty()) table_.erase(table_.find(place->first));
  }
  by_connection_.erase(own);
}

void WatchTable::Clear() {
  table_.clear();
  by_connection_.clear();
  counts_ = {};
  recursive_count_ = 0;
}

std::vector<WatchTable::Watched> WatchTable::DataWatches() const {
  std::vector<Watched> all;
  all.reserve(counts_.data_paths);
  for (const auto& [path, watchers] : table_) {
    if (watchers.counts[kDataRegistry] == 0) continue;
    Watched& watched = all.emplace_back(Watched{.path = path});
    for (const Watcher& watcher : watchers.list) {
      if (watcher.modes[kDataRegistry] != kNone) watched.connections.push_back(watcher.connection);
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Watched& one, const Watched& other) { return one.path < other.path; });
  return all;
}

std::vector<ConnectionId> WatchTable::Collect(Registry registry, absl::string_view path) {
  std::vector<ConnectionId> found;
  if (const auto at = table_.find(path); at != table_.end()) {
    std::vector<Watcher>& list = at->second.list;
    auto kept = list.begin();
    for (Watcher& watcher : list) {
      const uint8_t modes = watcher.modes[registry];
      if (modes != kNone) found.push_back(watcher.connection);
      if (modes & kStandard) Set(&*at, &watcher, registry, modes & ~kStandard);
      if (watcher.modes[kDataRegistry] == kNone && watcher.modes[kChildRegistry] == kNone) {
        Forget(watcher.connection, &*at);
      } else {
        *kept++ = watcher;
      }
    }
    list.erase(kept, list.end());
    if (list.empty()) table_.erase(at);
  }
  if (registry == kDataRegistry && recursive_count_ > 0) CollectRecursive(path, &found);
  return found;
}

void WatchTable::Forget(ConnectionId connection, Place* place) {
  const auto own = by_connection_.find(connection);
  own->second.places.erase(place);
  if (own->second.places.empty()) by_connection_.erase(own);
}

void WatchTable::CollectRecursive(absl::string_view path, std::vector<ConnectionId>* found) const {
  for (absl::string_view above = path; above.size() > 1;) {
    above = model::ParentPath(above);
    const auto at = table_.find(above);
    if (at == table_.end()) continue;
    for (const Watcher& watcher : at->second.list) {
      if (watcher.modes[kDataRegistry] & kRecursive) found->push_back(watcher.connection);
    }
  }
  std::sort(found->begin(), found->end());
  found->erase(std::unique(found->begin(), found->end()), found->end());
}

// The steps of 3.2, in their order.
std::vector<WatchTable::Firing> WatchTable::Match(const model::Change& change) {
  using Kind = model::Change::Kind;
  using model::EventType;
  std::vector<Firing> firings;
  const auto fire = [&](const std::vector<ConnectionId>& connections, EventType type,
                        absl::string_view path, const model::AclRef& acl) {
    for (const ConnectionId connection : connections) {
      firings.push_back({connection, type, path, acl.get()});
    }
  };
  switch (change.kind) {
    case Kind::kAclChanged:
      return firings;
    case Kind::kDataChanged:
      fire(Collect(kDataRegistry, change.path), EventType::kNodeDataChanged, change.path,
           change.acl);
      return firings;
    case Kind::kCreated:
      fire(Collect(kDataRegistry, change.path), EventType::kNodeCreated, change.path, change.acl);
      break;
    case Kind::kDeleted: {
      const std::vector<ConnectionId> told = Collect(kDataRegistry, change.path);
      fire(told, EventType::kNodeDeleted, change.path, change.acl);
      // A connection hears of a deletion once, whichever watches it had; they are consumed all the
      // same.
      const std::vector<ConnectionId> all = Collect(kChildRegistry, change.path);
      std::vector<ConnectionId> others;
      std::set_difference(all.begin(), all.end(), told.begin(), told.end(),
                          std::back_inserter(others));
      fire(others, EventType::kNodeDeleted, change.path, change.acl);
      break;
    }
  }
  const absl::string_view parent = model::ParentPath(change.path);
  fire(Collect(kChildRegistry, parent), EventType::kNodeChildrenChanged, parent, change.parent_acl);
  return firings;
}

}  // namespace rookery::watch
