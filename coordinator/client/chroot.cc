#include "coordinator/client/chroot.h"

#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rookery::client {
namespace {

struct OperationPaths {
  absl::string_view chroot;

  template <typename Request>
  void operator()(Request& request) const {
    request.path = AddChroot(chroot, std::move(request.path));
  }
  void operator()(model::MultiRequest& request) const {
    for (auto& part : request.parts) std::visit(*this, part);
  }
  void operator()(model::SetWatchesRequest& request) const {
    for (auto* list : {&request.data, &request.exist, &request.child, &request.persistent,
                       &request.persistent_recursive}) {
      for (std::string& path : *list) path = AddChroot(chroot, std::move(path));
    }
  }
  void operator()(model::OpenSessionRequest&) const {}
  void operator()(model::AttachSessionRequest&) const {}
  void operator()(model::CloseSessionRequest&) const {}
  void operator()(model::PingRequest&) const {}
  void operator()(model::WhoAmIRequest&) const {}
  void operator()(model::GetEphemeralsRequest& request) const {
    request.prefix = AddChroot(chroot, request.prefix.empty() ? "/" : std::move(request.prefix));
  }
};

struct ReplyPaths {
  absl::string_view chroot;

  template <typename Body>
  void operator()(Body&) const {}
  void operator()(model::CreateReply& reply) const {
    reply.path = RemoveChroot(chroot, std::move(reply.path));
  }
  void operator()(model::SyncReply& reply) const {
    reply.path = RemoveChroot(chroot, std::move(reply.path));
  }
  void operator()(model::EphemeralsReply& reply) const {
    for (std::string& path : reply.paths) path = RemoveChroot(chroot, std::move(path));
  }
  void operator()(model::MultiReply& reply) const {
    for (model::MultiReply::Part& part : reply.parts) std::visit(*this, part.body);
  }
};

}  // namespace

std::string AddChroot(absl::string_view chroot, std::string path) {
  if (chroot.empty()) return path;
  if (path == "/") return std::string(chroot);
  return absl::StrCat(chroot, path);
}

std::string RemoveChroot(absl::string_view chroot, std::string path) {
  if (chroot.empty() || !absl::StartsWith(path, chroot)) return path;
  if (path.size() == chroot.size()) return "/";
  // "/ab" is not below "/a".
  return path[chroot.size()] == '/' ? path.substr(chroot.size()) : path;
}

void AddChroot(absl::string_view chroot, Operation* operation) {
  if (chroot.empty()) return;
  std::visit([&](auto& direction) { std::visit(OperationPaths{chroot}, direction); }, *operation);
}

void RemoveChroot(absl::string_view chroot, model::ReplyBody* body) {
  if (!chroot.empty()) std::visit(ReplyPaths{chroot}, *body);
}

}  // namespace rookery::client
