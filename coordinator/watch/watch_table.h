// Who wants to know what: subscriptions of connections to paths, and the events that changes make
// for them. Source: zookeeper-protocol section 3. Belongs to one server; nothing here is
// replicated.
//
// ZooKeeper speaks of two registries, data and child; an entry is (path, connection, set of modes).
// Here one table holds both, since most changes ask both. A new kind of watch is a row of
// kWatchKinds.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/change.h"
#include "coordinator/model/event.h"
#include "coordinator/model/watches.h"

namespace rookery::watch {

using ConnectionId = uint64_t;

enum class WatchKind {
  kData,                 // getData, exists: one-shot
  kChild,                // getChildren: one-shot
  kPersistent,           // both registries, stays
  kPersistentRecursive,  // data registry, stays, covers all descendants
};

// An event for one connection.
struct Notice {
  ConnectionId connection = 0;
  model::Event event;
};

class WatchTable {
 public:
  // Registering the same thing twice is as good as once. `path` need not exist.
  void Add(ConnectionId connection, absl::string_view path, WatchKind kind);
  // True if the connection has one of that type on exactly `path`.
  bool Has(ConnectionId connection, absl::string_view path, model::WatcherType type) const;
  // Forgets those of that type on exactly `path`. False: there were none.
  bool Remove(ConnectionId connection, absl::string_view path, model::WatcherType type);
  // Forgets all of a connection.
  void Drop(ConnectionId connection);
  void Clear();

  // What a change tells whom, in the order in which connections must hear it; one-shot watches that
  // match are consumed, also where `may_read` withholds the event. may_read(connection, acl) is
  // asked at the time of the change.
  template <typename MayRead>
  std::vector<Notice> Fire(const model::Change& change, model::Zxid zxid, const MayRead& may_read) {
    std::vector<Notice> notices;
    if (empty()) return notices;
    for (const Firing& firing : Match(change)) {
      if (!may_read(firing.connection, *firing.acl)) continue;
      notices.push_back({firing.connection, {firing.type, std::string(firing.path), zxid}});
    }
    return notices;
  }
  // True if nobody watches anything: Fire may be skipped.
  bool empty() const { return by_connection_.empty(); }

  struct Counts {
    uint64_t connections = 0;  // with data watches, as wchs counts
    uint64_t data_paths = 0;
    uint64_t data_watches = 0;
    uint64_t all_watches = 0;  // both registries, as mntr counts
  };
  const Counts& Count() const { return counts_; }

  struct Watched {
    std::string path;
    std::vector<ConnectionId> connections;  // by number
  };
  // The paths of the data registry, sorted. Copies them all.
  std::vector<Watched> DataWatches() const;

 private:
  enum Registry : uint8_t { kDataRegistry = 0, kChildRegistry = 1 };
  // What one connection has on one path: bits of Mode in either registry, not both none.
  struct Watcher {
    ConnectionId connection = 0;
    uint8_t modes[2] = {0, 0};
  };
  struct Watchers {
    std::vector<Watcher> list;  // by connection, so that the order of events is certain
    uint64_t counts[2] = {0, 0};
  };
  using Table = absl::node_hash_map<std::string, Watchers>;
  using Place = Table::value_type;  // stays where it is while it is in the table
  struct Own {
    absl::flat_hash_set<Place*> places;
    uint64_t data_watches = 0;
  };
  struct Firing {
    ConnectionId connection;
    model::EventType type;
    absl::string_view path;
    const model::Acl* acl;
  };

  // Adds up the books when a watcher's modes in a registry change from `before` to `now`.
  void Recount(Place* place, ConnectionId connection, Registry registry, uint8_t before,
               uint8_t now);
  void Set(Place* place, Watcher* watcher, Registry registry, uint8_t modes);
  static std::vector<Watcher>::iterator Seek(std::vector<Watcher>* list, ConnectionId connection);
  void Forget(ConnectionId connection, Place* place);
  std::vector<Firing> Match(const model::Change& change);
  // Connections with any mode on `path` in the registry, or recursive mode above it, by number;
  // standard ones are consumed.
  std::vector<ConnectionId> Collect(Registry registry, absl::string_view path);
  void CollectRecursive(absl::string_view path, std::vector<ConnectionId>* found) const;

  Table table_;
  // What each connection has, for Drop. Its order is never seen.
  absl::flat_hash_map<ConnectionId, Own> by_connection_;
  Counts counts_;
  uint64_t recursive_count_ = 0;
};

}  // namespace rookery::watch
