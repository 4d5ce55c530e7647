// CoordinatorService: each call handed to what serves its kind.
#pragma once

#include "coordinator/frontend/grpc/pump/unary.h"
#include "coordinator/frontend/grpc/session_connection.h"
#include "rookery/v1/coordinator.grpc.pb.h"

namespace rookery::frontend {

class CoordinatorServiceImpl final : public v1::CoordinatorService::CallbackService {
 public:
  CoordinatorServiceImpl(service::Service* service, Executor* core, BackgroundExecutor* scans,
                         GrpcSessionRules rules);

  grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* Session(
      grpc::CallbackServerContext* call) override;

  using Call = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;
  Unary* Create(Call*, const v1::CreateRequest*, v1::CreateResponse*) override;
  Unary* Delete(Call*, const v1::DeleteRequest*, v1::DeleteResponse*) override;
  Unary* SetData(Call*, const v1::SetDataRequest*, v1::SetDataResponse*) override;
  Unary* SetAcl(Call*, const v1::SetAclRequest*, v1::SetAclResponse*) override;
  Unary* Multi(Call*, const v1::MultiRequest*, v1::MultiResponse*) override;
  Unary* Exists(Call*, const v1::ExistsRequest*, v1::ExistsResponse*) override;
  Unary* GetData(Call*, const v1::GetDataRequest*, v1::GetDataResponse*) override;
  Unary* GetChildren(Call*, const v1::GetChildrenRequest*, v1::GetChildrenResponse*) override;
  Unary* GetAcl(Call*, const v1::GetAclRequest*, v1::GetAclResponse*) override;

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(Call*, const v1::WatchRequest*) override;
  grpc::ServerWriteReactor<v1::ScanResponse>* Scan(Call*, const v1::ScanRequest*) override;

 private:
  const UnaryContext unary_;
  BackgroundExecutor* const scans_;
  const GrpcSessionRules rules_;
};

}  // namespace rookery::frontend
