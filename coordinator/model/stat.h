// A znode's eleven numbers as clients see them. Source: zookeeper-protocol 1.8.
#pragma once

#include <cstdint>

namespace rookery::model {

struct Stat {
  int64_t czxid = 0;
  int64_t mzxid = 0;
  int64_t ctime_ms = 0;
  int64_t mtime_ms = 0;
  int32_t version = 0;
  int32_t cversion = 0;  // creations + deletions of children
  int32_t aversion = 0;
  int64_t ephemeral_owner = 0;  // session id; 0 for all that is not ephemeral
  int32_t data_length = 0;
  int32_t num_children = 0;
  int64_t pzxid = 0;
  bool operator==(const Stat&) const = default;
};

}  // namespace rookery::model
