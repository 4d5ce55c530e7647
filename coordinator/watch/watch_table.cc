#include "coordinator/watch/watch_table.h"

#include <algorithm>
#include <set>

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

}  // namespace

void WatchTable::Add(ConnectionId connection, absl::string_view path, WatchKind kind) {
  const KindRow& row = kWatchKinds[static_cast<size_t>(kind)];
  if (row.data_modes != kNone) Register(&data_, false, connection, path, row.data_modes);
  if (row.child_modes != kNone) Register(&child_, true, connection, path, row.child_modes);
}

void WatchTable::Register(Registry* registry, bool child, ConnectionId connection,
                          absl::string_view path, uint8_t mode) {
  uint8_t& modes = (*registry)[path][connection];
  if (modes == kNone)
    by_connection_[connection].emplace(std::make_pair(child, std::string(path)), 0);
  if ((mode & kRecursive) != 0 && (modes & kRecursive) == 0) ++recursive_count_;
  modes |= mode;
}

void WatchTable::Drop(ConnectionId connection) {
  const auto own = by_connection_.find(connection);
  if (own == by_connection_.end()) return;
  for (const auto& [key, unused] : own->second) {
    Registry& registry = key.first ? child_ : data_;
    const auto at = registry.find(key.second);
    const auto watcher = at->second.find(connection);
    if (watcher->second & kRecursive) --recursive_count_;
    at->second.erase(watcher);
    if (at->second.empty()) registry.erase(at);
  }
  by_connection_.erase(own);
}

void WatchTable::Clear() {
  data_.clear();
  child_.clear();
  by_connection_.clear();
  recursive_count_ = 0;
}

void WatchTable::Forget(ConnectionId connection, bool child, absl::string_view path) {
  const auto own = by_connection_.find(connection);
  own->second.erase({child, std::string(path)});
  if (own->second.empty()) by_connection_.erase(own);
}

std::vector<ConnectionId> WatchTable::Collect(Registry* registry, bool child,
                                              absl::string_view path) {
  std::vector<ConnectionId> found;
  if (const auto at = registry->find(path); at != registry->end()) {
    for (auto watcher = at->second.begin(); watcher != at->second.end();) {
      found.push_back(watcher->first);
      watcher->second &= ~kStandard;
      if (watcher->second == kNone) {
        Forget(watcher->first, child, path);
        watcher = at->second.erase(watcher);
      } else {
        ++watcher;
      }
    }
    if (at->second.empty()) registry->erase(at);
  }
  if (recursive_count_ == 0 || child) return found;
  for (absl::string_view above = path; above.size() > 1;) {
    above = model::ParentPath(above);
    const auto at = registry->find(above);
    if (at == registry->end()) continue;
    for (const auto& [connection, modes] : at->second) {
      if (modes & kRecursive) found.push_back(connection);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// The steps of 3.2, in their order.
std::vector<WatchTable::Firing> WatchTable::Match(const model::Change& change) {
  using Kind = model::Change::Kind;
  using model::EventType;
  std::vector<Firing> firings;
  const auto fire = [&](const std::vector<ConnectionId>& connections, EventType type,
                        const std::string& path, const model::AclRef& acl) {
    for (const ConnectionId connection : connections) {
      firings.push_back({connection, type, &path, acl.get()});
    }
  };
  if (change.kind == Kind::kAclChanged || empty()) return firings;
  if (change.kind == Kind::kDataChanged) {
    fire(Collect(&data_, false, change.path), EventType::kNodeDataChanged, change.path, change.acl);
    return firings;
  }
  parent_ = std::string(model::ParentPath(change.path));
  if (change.kind == Kind::kCreated) {
    fire(Collect(&data_, false, change.path), EventType::kNodeCreated, change.path, change.acl);
  } else {
    const std::vector<ConnectionId> told = Collect(&data_, false, change.path);
    fire(told, EventType::kNodeDeleted, change.path, change.acl);
    // A connection hears of a deletion once, whichever watches it had; they are consumed all the
    // same.
    std::vector<ConnectionId> others = Collect(&child_, true, change.path);
    std::erase_if(others, [&told](ConnectionId connection) {
      return std::find(told.begin(), told.end(), connection) != told.end();
    });
    fire(others, EventType::kNodeDeleted, change.path, change.acl);
  }
  fire(Collect(&child_, true, parent_), EventType::kNodeChildrenChanged, parent_,
       change.parent_acl);
  return firings;
}

WatchTable::Counts WatchTable::Count() const {
  Counts counts;
  std::set<ConnectionId> connections;
  for (const auto& [path, watchers] : data_) {
    counts.data_watches += watchers.size();
    for (const auto& [connection, modes] : watchers) connections.insert(connection);
  }
  counts.data_paths = data_.size();
  counts.connections = connections.size();
  counts.all_watches = counts.data_watches;
  for (const auto& [path, watchers] : child_) counts.all_watches += watchers.size();
  return counts;
}

}  // namespace rookery::watch
