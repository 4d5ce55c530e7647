#include <type_traits>

#include "coordinator/frontend/grpc/convert.h"

namespace rookery::frontend {
namespace {

void PutBody(model::EmptyReply&, v1::Result*) {}

void PutBody(model::CreateReply& body, v1::Result* out) {
  out->set_path(std::move(body.path));
  if (body.with_stat) ToProto(body.stat, out->mutable_stat());
}

void PutBody(model::StatReply& body, v1::Result* out) { ToProto(body.stat, out->mutable_stat()); }

void PutBody(model::DataReply& body, v1::Result* out) {
  ToProto(std::move(body.data), out->mutable_data());
  ToProto(body.stat, out->mutable_stat());
}

void PutBody(model::AclReply& body, v1::Result* out) {
  for (model::AclEntry& entry : body.acl) {
    v1::AclEntry* item = out->add_acl();
    item->set_permissions(entry.permissions);
    item->set_scheme(std::move(entry.id.scheme));
    item->set_id(std::move(entry.id.id));
  }
  ToProto(body.stat, out->mutable_stat());
}

void PutBody(model::ChildrenReply& body, v1::Result* out) {
  out->mutable_children()->Reserve(static_cast<int>(body.children.size()));
  for (std::string& child : body.children) out->add_children(std::move(child));
  ToProto(body.stat, out->mutable_stat());
}

void PutBody(model::SyncReply& body, v1::Result* out) { out->set_path(std::move(body.path)); }

void PutBody(model::MultiReply& body, v1::Result* out) {
  for (model::MultiReply::Part& part : body.parts) {
    v1::Result* item = out->add_parts();
    item->set_error(ToProto(part.error));
    item->set_zxid(out->zxid());
    std::visit([item](auto& value) { PutBody(value, item); }, part.body);
    // The whole multi failed as its one failing part did.
    const bool failed = part.error != model::ErrorCode::kOk &&
                        part.error != model::ErrorCode::kRuntimeInconsistency;
    if (failed) out->set_error(item->error());
  }
}

void PutBody(model::AddWatchReply&, v1::Result*) {}

void PutBody(model::WhoAmIReply& body, v1::Result* out) {
  for (model::Id& identity : body.identities) {
    v1::Identity* item = out->add_identities();
    item->set_scheme(std::move(identity.scheme));
    item->set_id(std::move(identity.id));
  }
}

void PutBody(model::EphemeralsReply& body, v1::Result* out) {
  for (std::string& path : body.paths) out->add_ephemerals(std::move(path));
}

// Sessions are answered by SessionOpened, not by a Result.
void PutBody(model::SessionReply&, v1::Result*) {}

}  // namespace

v1::ErrorCode ToProto(model::ErrorCode error) {
  if (error == model::ErrorCode::kOk) return v1::ERROR_CODE_OK;
  const int number = -static_cast<int>(error);
  if (v1::ErrorCode_IsValid(number)) return static_cast<v1::ErrorCode>(number);
  return v1::ERROR_CODE_UNIMPLEMENTED;
}

void ToProto(const model::Stat& stat, v1::Stat* out) {
  out->set_czxid(stat.czxid);
  out->set_mzxid(stat.mzxid);
  out->set_ctime_ms(stat.ctime_ms);
  out->set_mtime_ms(stat.mtime_ms);
  out->set_version(stat.version);
  out->set_cversion(stat.cversion);
  out->set_aversion(stat.aversion);
  out->set_ephemeral_owner(stat.ephemeral_owner);
  out->set_data_length(stat.data_length);
  out->set_num_children(stat.num_children);
  out->set_pzxid(stat.pzxid);
}

void ToProto(model::Data data, v1::Data* out) {
  if (data.has_value()) out->set_value(std::move(*data));
}

void ToProto(model::Reply reply, v1::Result* out) {
  out->set_error(ToProto(reply.error));
  out->set_zxid(reply.zxid);
  std::visit([out](auto& body) { PutBody(body, out); }, reply.body);
}

void ToProto(const model::Event& event, v1::Event* out) {
  out->set_type(static_cast<v1::EventType>(static_cast<int>(event.type)));
  out->set_path(event.path);
  out->set_zxid(event.zxid);
}

}  // namespace rookery::frontend
