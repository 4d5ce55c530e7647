// What watchers are told. Source: zookeeper-protocol 1.7. The keeper state is always SyncConnected.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/model/ids.h"

namespace rookery::model {

enum class EventType : int32_t {
  kNodeCreated = 1,
  kNodeDeleted = 2,
  kNodeDataChanged = 3,
  kNodeChildrenChanged = 4,
};

struct Event {
  EventType type = EventType::kNodeCreated;
  std::string path;
  Zxid zxid = -1;  // of the change; -1 for what setWatches catches up on
  bool operator==(const Event&) const = default;
};

}  // namespace rookery::model
