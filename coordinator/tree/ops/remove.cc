#include "coordinator/model/path.h"
#include "coordinator/tree/operations.h"
#include "coordinator/tree/quota.h"

namespace rookery::tree {

void Remove(absl::string_view path, model::Zxid zxid, Overlay& tree) {
  const store::Node* node = tree.Find(path);
  const std::string parent_path(model::ParentPath(path));
  const model::AclRef acl = node == nullptr ? nullptr : node->acl;
  const Usage removed = {.nodes = -1, .bytes = node == nullptr ? 0 : -DataBytes(node->data)};
  const store::Node* found = tree.Find(parent_path);
  if (acl == nullptr || found == nullptr) return;  // gone, or missed: then this is void anyway
  store::Node parent = *found;
  --parent.num_children;
  parent.pzxid = zxid;
  tree.Add({.kind = model::Change::Kind::kDeleted,
            .path = std::string(path),
            .acl = acl,
            .parent_acl = parent.acl});
  tree.Put(parent_path, std::move(parent));
  tree.Erase(path);
  CountForQuota(path, removed, tree);
}

}  // namespace rookery::tree
