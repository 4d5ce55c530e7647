#include "coordinator/frontend/grpc/pump/coordinator_service.h"

#include <utility>

#include "coordinator/frontend/grpc/pump/scan_reactor.h"
#include "coordinator/frontend/grpc/pump/session_reactor.h"
#include "coordinator/frontend/grpc/pump/watch_reactor.h"

namespace rookery::frontend {

CoordinatorServiceImpl::CoordinatorServiceImpl(service::Service* service, Executor* core,
                                               BackgroundExecutor* scans, GrpcSessionRules rules)
    : unary_{service, core, rules.identity, rules.request_bytes_max},
      scans_(scans),
      rules_(std::move(rules)) {}

grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* CoordinatorServiceImpl::Session(
    grpc::CallbackServerContext* call) {
  return NewSessionReactor(call, unary_.service, unary_.core, rules_);
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::Create(Call* call,
                                                         const v1::CreateRequest* request,
                                                         v1::CreateResponse* response) {
  return RunWrite(unary_, call, request->ByteSizeLong(), response->mutable_result(),
                  FromProto(request->create()));
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::Delete(Call* call,
                                                         const v1::DeleteRequest* request,
                                                         v1::DeleteResponse* response) {
  return RunWrite(unary_, call, request->ByteSizeLong(), response->mutable_result(),
                  FromProto(request->delete_()));
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::SetData(Call* call,
                                                          const v1::SetDataRequest* request,
                                                          v1::SetDataResponse* response) {
  return RunWrite(unary_, call, request->ByteSizeLong(), response->mutable_result(),
                  FromProto(request->set_data()));
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::SetAcl(Call* call,
                                                         const v1::SetAclRequest* request,
                                                         v1::SetAclResponse* response) {
  return RunWrite(unary_, call, request->ByteSizeLong(), response->mutable_result(),
                  FromProto(request->set_acl()));
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::Multi(Call* call, const v1::MultiRequest* request,
                                                        v1::MultiResponse* response) {
  absl::StatusOr<model::WriteOperation> multi = FromProto(request->multi());
  if (!multi.ok()) {
    grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
    reactor->Finish(StatusOf(multi.status()));
    return reactor;
  }
  return RunWrite(unary_, call, request->ByteSizeLong(), response->mutable_result(),
                  *std::move(multi));
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::Exists(Call* call,
                                                         const v1::ExistsRequest* request,
                                                         v1::ExistsResponse* response) {
  return RunRead(unary_, call, response->mutable_result(), model::ExistsRequest{request->path()},
                 request->consistency());
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::GetData(Call* call,
                                                          const v1::GetDataRequest* request,
                                                          v1::GetDataResponse* response) {
  return RunRead(unary_, call, response->mutable_result(), model::GetDataRequest{request->path()},
                 request->consistency());
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::GetChildren(Call* call,
                                                              const v1::GetChildrenRequest* request,
                                                              v1::GetChildrenResponse* response) {
  return RunRead(unary_, call, response->mutable_result(),
                 model::GetChildrenRequest{request->path(), false, true}, request->consistency());
}

grpc::ServerUnaryReactor* CoordinatorServiceImpl::GetAcl(Call* call,
                                                         const v1::GetAclRequest* request,
                                                         v1::GetAclResponse* response) {
  return RunRead(unary_, call, response->mutable_result(), model::GetAclRequest{request->path()},
                 request->consistency());
}

grpc::ServerWriteReactor<v1::WatchResponse>* CoordinatorServiceImpl::Watch(
    Call* call, const v1::WatchRequest* request) {
  return NewWatchReactor(call, *request, unary_);
}

grpc::ServerWriteReactor<v1::ScanResponse>* CoordinatorServiceImpl::Scan(
    Call* call, const v1::ScanRequest* request) {
  return NewScanReactor(call, *request, unary_, scans_);
}

}  // namespace rookery::frontend
