// Kinds of watches that clients ask for by name. Numbers as on the wire (zookeeper-protocol 1.5,
// 3.5).
#pragma once

#include <cstdint>

namespace rookery::model {

// How a watch lives that addWatch leaves.
enum class WatchMode : int32_t {
  kPersistent = 0,           // stays; tells of the node and of its list of children
  kPersistentRecursive = 1,  // stays; tells of the node and of all below it, not of lists
};

// Which watches of a connection on one path checkWatches and removeWatches mean.
enum class WatcherType : int32_t {
  kChildren = 1,  // left by getChildren
  kData = 2,      // left by getData or exists
  kAny = 3,
  kPersistent = 4,
  kPersistentRecursive = 5,
};

// The type of those that addWatch leaves in `mode`.
constexpr WatcherType WatcherTypeOf(WatchMode mode) {
  return mode == WatchMode::kPersistent ? WatcherType::kPersistent
                                        : WatcherType::kPersistentRecursive;
}

}  // namespace rookery::model
