// What a request weighs in a queue, roughly: its texts and data, and a share for the rest.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "coordinator/model/request.h"

namespace rookery::service {

inline constexpr size_t kRequestBytesOverhead = 128;

struct RequestBytes {
  static size_t Of(const model::Data& data) { return data.has_value() ? data->size() : 0; }
  static size_t Of(const std::optional<model::Acl>& acl) {
    return acl.has_value() ? 64 * acl->size() : 0;
  }
  static size_t Of(const std::vector<std::string>& texts) {
    size_t bytes = 0;
    for (const std::string& text : texts) bytes += text.size() + 32;
    return bytes;
  }
  size_t operator()(const model::CreateRequest& r) const {
    return r.path.size() + Of(r.data) + Of(r.acl);
  }
  size_t operator()(const model::DeleteRequest& r) const { return r.path.size(); }
  size_t operator()(const model::SetDataRequest& r) const { return r.path.size() + Of(r.data); }
  size_t operator()(const model::SetAclRequest& r) const { return r.path.size() + Of(r.acl); }
  size_t operator()(const model::CheckRequest& r) const { return r.path.size(); }
  size_t operator()(const model::MultiRequest& r) const {
    size_t bytes = 0;
    for (const auto& part : r.parts) bytes += kRequestBytesOverhead + std::visit(*this, part);
    return bytes;
  }
  size_t operator()(const model::OpenSessionRequest&) const { return 0; }
  size_t operator()(const model::AttachSessionRequest&) const { return 0; }
  size_t operator()(const model::CloseSessionRequest&) const { return 0; }
  size_t operator()(const model::ExistsRequest& r) const { return r.path.size(); }
  size_t operator()(const model::GetDataRequest& r) const { return r.path.size(); }
  size_t operator()(const model::GetAclRequest& r) const { return r.path.size(); }
  size_t operator()(const model::GetChildrenRequest& r) const { return r.path.size(); }
  size_t operator()(const model::SyncRequest& r) const { return r.path.size(); }
  size_t operator()(const model::PingRequest&) const { return 0; }
  size_t operator()(const model::SetWatchesRequest& r) const {
    return Of(r.data) + Of(r.exist) + Of(r.child) + Of(r.persistent) + Of(r.persistent_recursive);
  }
  size_t operator()(const model::AddWatchRequest& r) const { return r.path.size(); }
  size_t operator()(const model::CheckWatchesRequest& r) const { return r.path.size(); }
  size_t operator()(const model::RemoveWatchesRequest& r) const { return r.path.size(); }
  size_t operator()(const model::WhoAmIRequest&) const { return 0; }
  size_t operator()(const model::GetEphemeralsRequest& r) const { return r.prefix.size(); }
};

template <typename Operation>
size_t BytesOf(const Operation& operation) {
  return kRequestBytesOverhead + std::visit(RequestBytes(), operation);
}

}  // namespace rookery::service
