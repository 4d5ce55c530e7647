// EnsembleService: administration. Everything but GetStatus needs the super identity or a caller on
// this machine.
#pragma once

#include "coordinator/base/executor.h"
#include "coordinator/frontend/identity/identity.h"
#include "coordinator/service/ensemble.h"
#include "rookery/v1/ensemble.grpc.pb.h"

namespace rookery::frontend {

class EnsembleServiceImpl final : public v1::EnsembleService::CallbackService {
 public:
  // `background` reads the files of backups. All pointers outlive the service.
  EnsembleServiceImpl(service::Ensemble* ensemble, Executor* core, BackgroundExecutor* background,
                      IdentityRules identity);

  using Call = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;
  Unary* GetStatus(Call*, const v1::GetStatusRequest*, v1::GetStatusResponse*) override;
  Unary* AddMember(Call*, const v1::AddMemberRequest*, v1::AddMemberResponse*) override;
  Unary* RejoinMember(Call*, const v1::RejoinMemberRequest*, v1::RejoinMemberResponse*) override;
  Unary* TransferLeadership(Call*, const v1::TransferLeadershipRequest*,
                            v1::TransferLeadershipResponse*) override;
  grpc::ServerWriteReactor<v1::BackUpResponse>* BackUp(Call*, const v1::BackUpRequest*) override;

 private:
  // OK if the caller may administer.
  grpc::Status MayAdminister(const Call& call) const;

  service::Ensemble* const ensemble_;
  Executor* const core_;
  BackgroundExecutor* const background_;
  const IdentityRules identity_;
};

}  // namespace rookery::frontend
