#include "coordinator/frontend/metadata/node_sources.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/kafka/layout.h"
#include "coordinator/kafka/paths.h"
#include "coordinator/model/path.h"

namespace rookery::frontend {

bool PresentNodes::Count() {
  if (nodes_++ < nodes_max_) return true;
  status_ = absl::ResourceExhaustedError(
      absl::StrCat("expected a call that reads ", nodes_max_,
                   " nodes at most: ask for less at once, or use ReadCluster, which has no limit"));
  return false;
}

kafka::NodeSource::Access PresentNodes::AccessOf(const model::Reply& reply,
                                                 const std::string& path) {
  switch (reply.error) {
    case model::ErrorCode::kOk:
      return Access::kFound;
    case model::ErrorCode::kNoNode:
      return Access::kAbsent;
    case model::ErrorCode::kNoAuth:
      if (refused_.empty()) refused_ = path;
      return Access::kRefused;
    default:
      // A name that no node can have, as with a '/' in it.
      if (status_.ok()) {
        status_ = absl::InvalidArgumentError(
            absl::StrCat("the node would be ", path, ", which is no path: expected another name"));
      }
      return Access::kAbsent;
  }
}

kafka::NodeSource::Node PresentNodes::Get(const std::string& path) {
  if (!Count()) return {};
  if (!model::IsValidPath(path)) {
    return {.access = AccessOf({.error = model::ErrorCode::kBadArguments}, path)};
  }
  model::Reply reply = reads_->Read(model::GetDataRequest{.path = path});
  Node node{.access = AccessOf(reply, path)};
  if (auto* data = std::get_if<model::DataReply>(&reply.body)) {
    node.data = std::move(data->data);
    node.czxid = data->stat.czxid;
    node.version = data->stat.version;
    node.children = data->stat.num_children;
  }
  return node;
}

kafka::NodeSource::Names PresentNodes::Children(const std::string& path) {
  if (!Count()) return {};
  model::Reply reply = reads_->Read(model::GetChildrenRequest{.path = path});
  Names names{.access = AccessOf(reply, path)};
  if (auto* children = std::get_if<model::ChildrenReply>(&reply.body)) {
    names.names = std::move(children->children);
  }
  return names;
}

kafka::TreeView PresentNodes::View(const std::string& root, const std::vector<std::string>& paths) {
  kafka::TreeView view;
  for (const std::string& path : paths) {
    Node node = Get(kafka::BelowRoot(root, path));
    if (node.access != Access::kFound) continue;
    view[path] = {.data = std::move(node.data), .version = node.version, .children = node.children};
  }
  return view;
}

kafka::NodeSource::Node FrozenNodes::Get(const std::string& path) {
  Node found;
  status_.Update(view_->Scan(path, path, [&](absl::string_view at, const store::Node& node) {
    if (at != path) return false;
    if (!model::Allows(*node.acl, credentials_, model::kRead)) {
      found.access = Access::kRefused;
    } else {
      found = {.access = Access::kFound,
               .data = node.data,
               .czxid = node.czxid,
               .version = node.version,
               .children = node.num_children};
    }
    return false;
  }));
  return found;
}

kafka::NodeSource::Names FrozenNodes::Children(const std::string& path) {
  Names found;
  const uint32_t depth = model::PathDepth(path);
  status_.Update(view_->Scan(path, path, [&](absl::string_view at, const store::Node& node) {
    if (at == path) {
      const bool allowed = model::Allows(*node.acl, credentials_, model::kRead);
      found.access = allowed ? Access::kFound : Access::kRefused;
      return allowed;
    }
    if (model::PathDepth(at) != depth + 1) return false;
    found.names.emplace_back(model::BaseName(at));
    return true;
  }));
  std::sort(found.names.begin(), found.names.end());
  return found;
}

absl::Status CheckCluster(const std::string& root, kafka::NodeSource& nodes) {
  const std::string path = kafka::BelowRoot(root, kafka::kBrokerIdsPath);
  if (nodes.Get(path).access != kafka::NodeSource::Access::kAbsent) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("found no Kafka cluster at the root '", root,
                                          "': expected the node ", path,
                                          "; is it the chroot of its zookeeper.connect"));
}

}  // namespace rookery::frontend
