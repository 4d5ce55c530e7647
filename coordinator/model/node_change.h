// A node before and after one request, for whoever follows what becomes of the tree.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/model/acl.h"
#include "coordinator/model/data.h"
#include "coordinator/model/ids.h"

namespace rookery::model {

// What followers need of a node.
struct NodeState {
  Data data;
  AclRef acl;
  Zxid czxid = 0;
  Zxid mzxid = 0;
  int32_t version = 0;
};

// Not both absent. Two different czxids: deleted, and made anew by the same request.
struct NodeChange {
  std::string path;
  std::optional<NodeState> before, after;
};

// Is told of every change of the tree in the agreed order, on every server alike, whoever asked for
// it. Core executor; nothing of the machine may be called from inside.
class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  // Called for every node that a request touches: has to be quick. False: it is not told.
  virtual bool Wants(absl::string_view path) const = 0;
  // The net effect of the request that took `zxid` on one node: its creation or deletion, or other
  // data. A request that changed several nodes is told in as many calls with one zxid.
  virtual void OnChange(Zxid zxid, NodeChange change) = 0;
  // The state is the one after `zxid`, and nobody told how it came to be: at the start, and when a
  // checkpoint of another server was installed.
  virtual void OnState(Zxid zxid) = 0;
};

}  // namespace rookery::model
