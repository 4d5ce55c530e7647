// One thing that happened to the tree, for watches, caches and statistics.
#pragma once

#include <string>

#include "coordinator/model/acl.h"

namespace rookery::model {

struct Change {
  enum class Kind { kCreated, kDeleted, kDataChanged, kAclChanged };
  Kind kind = Kind::kCreated;
  std::string path;
  AclRef acl;         // of the node, as created, deleted or changed
  AclRef parent_acl;  // created and deleted: of the parent, which filters ChildrenChanged
};

}  // namespace rookery::model
