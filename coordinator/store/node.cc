#include "coordinator/store/node.h"

namespace rookery::store {

model::Stat Node::ToStat() const {
  return {.czxid = czxid,
          .mzxid = mzxid,
          .ctime_ms = ctime_ms,
          .mtime_ms = mtime_ms,
          .version = version,
          // Arithmetic of the wire: it wraps, and never traps.
          .cversion = static_cast<int32_t>(2u * static_cast<uint32_t>(child_creations) -
                                           static_cast<uint32_t>(num_children)),
          .aversion = aversion,
          .ephemeral_owner = IsEphemeral() ? ephemeral_owner : 0,
          .data_length = data.has_value() ? static_cast<int32_t>(data->size()) : 0,
          .num_children = num_children,
          .pzxid = pzxid};
}

Node Node::WithoutData() const {
  Node node;
  node.acl = acl;
  node.czxid = czxid;
  node.mzxid = mzxid;
  node.pzxid = pzxid;
  node.ctime_ms = ctime_ms;
  node.mtime_ms = mtime_ms;
  node.ephemeral_owner = ephemeral_owner;
  node.version = version;
  node.aversion = aversion;
  node.child_creations = child_creations;
  node.num_children = num_children;
  return node;
}

}  // namespace rookery::store
