// A znode as the tree keeps it. Invariant: `acl` is never null.
#pragma once

#include <cstdint>
#include <limits>

#include "coordinator/model/acl.h"
#include "coordinator/model/data.h"
#include "coordinator/model/stat.h"

namespace rookery::store {

// The owner of containers, which no session has: ZooKeeper's 0x8000000000000000.
inline constexpr int64_t kContainerOwner = std::numeric_limits<int64_t>::min();

struct Node {
  model::Data data;
  model::AclRef acl = model::OpenAcl();
  int64_t czxid = 0;
  int64_t mzxid = 0;
  int64_t pzxid = 0;
  int64_t ctime_ms = 0;
  int64_t mtime_ms = 0;
  int64_t ephemeral_owner = 0;  // a session, or kContainerOwner, or 0
  int32_t version = 0;
  int32_t aversion = 0;
  int32_t child_creations = 0;  // never falls; the next sequential child's number
  int32_t num_children = 0;     // stored, never recounted

  bool IsContainer() const { return ephemeral_owner == kContainerOwner; }
  // Goes with its session, and has no children.
  bool IsEphemeral() const { return ephemeral_owner != 0 && !IsContainer(); }

  // As clients see it, who are not shown that it is a container: cversion = 2 * child_creations -
  // num_children (zookeeper-protocol 1.8, 2.3).
  model::Stat ToStat() const;
  // A copy of everything else, for a change that replaces the data.
  Node WithoutData() const;
};

}  // namespace rookery::store
