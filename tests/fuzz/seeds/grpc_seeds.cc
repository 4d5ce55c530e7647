#include <cstdint>

#include "coordinator/client/grpc/convert.h"
#include "coordinator/frontend/grpc/convert.h"
#include "rookery/v1/coordinator.pb.h"
#include "tests/fuzz/seeds/samples.h"
#include "tests/fuzz/seeds/seeds.h"

namespace rookery::fuzz {
namespace {

std::string Selected(int selector, const google::protobuf::Message& message) {
  return static_cast<char>(selector) + message.SerializeAsString();
}

void WriteRequests(SeedWriter* out) {
  v1::SessionRequest session;
  session.mutable_open()->set_timeout_ms(10'000);
  session.mutable_open()->set_password("0123456789abcdef");
  const auto add = [&](const std::string& name, const auto& operation) {
    v1::Operation message;
    client::ToProto(operation, &message);
    out->Write("grpc_request", name, Selected(1, message));
    v1::SessionOperation* item = session.add_operations();
    item->set_tag(static_cast<uint64_t>(session.operations_size()));
    *item->mutable_operation() = std::move(message);
  };
  for (const auto& [name, operation] : SampleWrites()) add(name, operation);
  for (const auto& [name, operation] : SampleReads()) {
    if (!std::holds_alternative<model::PingRequest>(operation)) add(name, operation);
  }
  out->Write("grpc_request", "session", Selected(0, session));
  v1::CreateRequest create;
  create.mutable_create()->set_path("/a");
  create.mutable_create()->set_mode(v1::CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  out->Write("grpc_request", "call_create", Selected(2, create));
  create.mutable_create()->set_mode(static_cast<v1::CreateMode>(9));
  out->Write("grpc_request", "call_create_unknown_mode", Selected(2, create));
  create.mutable_create()->set_mode(static_cast<v1::CreateMode>(INT32_MAX));
  out->Write("grpc_request", "call_create_last_mode", Selected(2, create));
  v1::DeleteRequest remove;
  remove.mutable_delete_()->set_path("/a");
  remove.mutable_delete_()->set_version(2);
  out->Write("grpc_request", "call_delete", Selected(3, remove));
  v1::SetDataRequest set_data;
  set_data.mutable_set_data()->set_path("/a");
  set_data.mutable_set_data()->mutable_data()->set_value("x");
  out->Write("grpc_request", "call_set_data", Selected(4, set_data));
  v1::SetAclRequest set_acl;
  set_acl.mutable_set_acl()->add_acl()->set_scheme("world");
  out->Write("grpc_request", "call_set_acl", Selected(5, set_acl));
  v1::MultiRequest multi;
  *multi.mutable_multi()->add_parts()->mutable_create() = create.create();
  multi.mutable_multi()->add_parts();
  out->Write("grpc_request", "call_multi", Selected(6, multi));
}

void WriteReplies(SeedWriter* out) {
  const auto add = [&](const std::string& name, v1::Operation::KindCase kind, model::Reply reply) {
    v1::SessionItem item;
    item.mutable_reply()->set_tag(1);
    frontend::ToProto(std::move(reply), item.mutable_reply()->mutable_result());
    out->Write("grpc_reply", name, Selected(kind, item));
  };
  const model::Stat stat = {.czxid = 1, .mzxid = 2};
  using Part = model::MultiReply::Part;
  constexpr auto kOk = model::ErrorCode::kOk;
  add("create", v1::Operation::kCreate, {.zxid = 3, .body = model::CreateReply{"/a", stat, true}});
  add("data", v1::Operation::kGetData, {.zxid = 3, .body = model::DataReply{"d", stat}});
  add("children", v1::Operation::kGetChildren,
      {.zxid = 3, .body = model::ChildrenReply{{"a", "b"}, stat, true}});
  add("acl", v1::Operation::kGetAcl, {.zxid = 3, .body = model::AclReply{SampleAcl(), stat}});
  add("error", v1::Operation::kDelete, {.error = model::ErrorCode::kNoNode, .zxid = 3});
  add("multi", v1::Operation::kMulti,
      {.zxid = 3,
       .body = model::MultiReply{{{Part::Kind::kCreate, kOk, model::CreateReply{"/a"}},
                                  {Part::Kind::kDelete, kOk, model::EmptyReply{}},
                                  {Part::Kind::kSetData, kOk, model::StatReply{stat}},
                                  {Part::Kind::kCheck, kOk, model::EmptyReply{}}}}});
  v1::SessionItem event;
  frontend::ToProto({.type = model::EventType::kNodeDeleted, .path = "/a", .zxid = 4},
                    event.mutable_event());
  out->Write("grpc_reply", "event", Selected(0, event));
}

}  // namespace

void WriteGrpcSeeds(SeedWriter* out) {
  WriteRequests(out);
  WriteReplies(out);
}

}  // namespace rookery::fuzz
