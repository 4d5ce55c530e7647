#include "coordinator/store/acl_pool.h"

#include <algorithm>
#include <utility>

#include "coordinator/store/node_codec.h"

namespace rookery::store {

model::AclRef AclPool::Intern(model::AclRef acl) {
  if (acl == model::OpenAcl() || acl == model::ReadOnlyAcl()) return acl;
  if (*acl == *model::OpenAcl()) return model::OpenAcl();
  if (*acl == *model::ReadOnlyAcl()) return model::ReadOnlyAcl();
  std::string encoded;
  EncodeAcl(*acl, &encoded);
  auto [place, added] = lists_.try_emplace(std::move(encoded), acl);
  if (!added) {
    if (model::AclRef known = place->second.lock()) return known;
    place->second = acl;
  }
  if (lists_.size() >= sweep_at_size_) DropUnused();
  return acl;
}

void AclPool::DropUnused() {
  absl::erase_if(lists_, [](const auto& list) { return list.second.expired(); });
  sweep_at_size_ = std::max<size_t>(64, 2 * lists_.size());
}

}  // namespace rookery::store
