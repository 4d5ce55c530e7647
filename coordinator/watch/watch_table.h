// Who wants to know what: subscriptions of connections to paths, and the events that changes make
// for them. Source: zookeeper-protocol section 3. Belongs to one server; nothing here is
// replicated.
//
// Two registries, data and child; an entry is (path, connection, set of modes). A new kind of watch
// is a row of kWatchKinds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "coordinator/model/change.h"
#include "coordinator/model/event.h"

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
  // Forgets all of a connection.
  void Drop(ConnectionId connection);
  void Clear();

  // What a change tells whom, in the order in which connections must hear it; one-shot watches that
  // match are consumed, also where `may_read` withholds the event. may_read(connection, acl) is
  // asked at the time of the change.
  template <typename MayRead>
  std::vector<Notice> Fire(const model::Change& change, model::Zxid zxid, const MayRead& may_read) {
    std::vector<Notice> notices;
    for (const Firing& firing : Match(change)) {
      if (!may_read(firing.connection, *firing.acl)) continue;
      notices.push_back({firing.connection, {firing.type, *firing.path, zxid}});
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
  Counts Count() const;

 private:
  using Watchers = std::map<ConnectionId, uint8_t>;  // bits of Mode; ordered, so that events are
  using Registry = absl::flat_hash_map<std::string, Watchers>;
  struct Firing {
    ConnectionId connection;
    model::EventType type;
    const std::string* path;
    const model::Acl* acl;
  };

  void Register(Registry* registry, bool child, ConnectionId connection, absl::string_view path,
                uint8_t mode);
  std::vector<Firing> Match(const model::Change& change);
  // Connections with any mode on `path`, or recursive mode above it; standard ones are consumed.
  std::vector<ConnectionId> Collect(Registry* registry, bool child, absl::string_view path);
  void Forget(ConnectionId connection, bool child, absl::string_view path);

  Registry data_, child_;
  uint64_t recursive_count_ = 0;
  std::string parent_;  // of the change under treatment
  // What each connection has, for Drop: (child registry?, path).
  absl::flat_hash_map<ConnectionId, std::map<std::pair<bool, std::string>, char>> by_connection_;
};

}  // namespace rookery::watch
