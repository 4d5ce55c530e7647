// One object per distinct access control list, so that a million nodes with the same list share it.
#pragma once

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "coordinator/model/acl.h"

namespace rookery::store {

// Core executor only. Lists that no node holds any more are forgotten from time to time.
class AclPool {
 public:
  // The pooled list that equals `acl`. REQUIRES: not null.
  model::AclRef Intern(model::AclRef acl);
  size_t size() const { return lists_.size(); }

 private:
  void DropUnused();

  absl::flat_hash_map<std::string, std::weak_ptr<const model::Acl>> lists_;  // by encoding
  size_t sweep_at_size_ = 64;
};

}  // namespace rookery::store
