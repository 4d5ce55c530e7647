#include "coordinator/frontend/grpc/pump/ensemble_service.h"

#include <utility>

#include "coordinator/frontend/grpc/pump/backup_reactor.h"
#include "coordinator/frontend/grpc/pump/call_facts.h"
#include "coordinator/frontend/grpc/status_map.h"

namespace rookery::frontend {
namespace {

v1::ServerState ToProto(service::ServerState state) {
  switch (state) {
    case service::ServerState::kLooking:
      return v1::SERVER_STATE_LOOKING;
    case service::ServerState::kFollowing:
      return v1::SERVER_STATE_FOLLOWING;
    case service::ServerState::kLeading:
      return v1::SERVER_STATE_LEADING;
    case service::ServerState::kObserving:
      return v1::SERVER_STATE_OBSERVING;
  }
  return v1::SERVER_STATE_UNSPECIFIED;
}

void Fill(const service::EnsembleStatus& status, v1::GetStatusResponse* out) {
  out->set_server(status.server);
  out->set_state(ToProto(status.state));
  out->set_serving(status.serving);
  out->set_leader(status.leader);
  out->set_term(status.term);
  out->set_zxid(status.zxid);
  out->set_applied_index(status.applied_index);
  out->set_commit_index(status.commit_index);
  out->set_first_index(status.first_index);
  out->set_digest(status.digest);
  out->set_sessions(status.sessions);
  out->set_nodes(status.nodes);
  out->set_connections(status.connections);
  out->set_version(status.version);
  out->set_grpc_port(status.ports.grpc);
  out->set_admin_port(status.ports.admin);
  for (const service::EnsembleMember& member : status.members) {
    v1::Member* item = out->add_members();
    item->set_server(member.server);
    item->set_engine_id(member.engine_id);
    item->set_voter(member.voter);
    item->set_address(member.address);
    item->set_client_address(member.client_address);
    item->set_connected(member.connected);
    item->set_matched_index(member.matched_index);
  }
}

}  // namespace

EnsembleServiceImpl::EnsembleServiceImpl(service::Ensemble* ensemble, Executor* core,
                                         BackgroundExecutor* background, IdentityRules identity)
    : ensemble_(ensemble), core_(core), background_(background), identity_(std::move(identity)) {}

grpc::Status EnsembleServiceImpl::MayAdminister(const Call& call) const {
  const absl::StatusOr<model::Credentials> credentials = CallCredentials(call, identity_);
  if (!credentials.ok()) return StatusOf(credentials.status());
  if (credentials->super || IsLoopback(PeerHost(PeerName(call)))) return grpc::Status::OK;
  return grpc::Status(grpc::StatusCode::PERMISSION_DENIED,
                      "administration needs the super identity (metadata rookery-auth) or a "
                      "connection from the server's own machine");
}

grpc::ServerUnaryReactor* EnsembleServiceImpl::GetStatus(Call* call, const v1::GetStatusRequest*,
                                                         v1::GetStatusResponse* response) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  core_->Post([this, reactor, response] {
    Fill(ensemble_->Status(), response);
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

grpc::ServerUnaryReactor* EnsembleServiceImpl::AddMember(Call* call,
                                                         const v1::AddMemberRequest* request,
                                                         v1::AddMemberResponse* response) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (grpc::Status status = MayAdminister(*call); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  core_->Post([this, reactor, request, response] {
    ensemble_->AddMember(request->server(), request->address(), request->observer(),
                         [reactor, response](absl::StatusOr<uint64_t> engine_id) {
                           if (engine_id.ok()) response->set_engine_id(*engine_id);
                           reactor->Finish(StatusOf(engine_id.status()));
                         });
  });
  return reactor;
}

grpc::ServerUnaryReactor* EnsembleServiceImpl::RejoinMember(Call* call,
                                                            const v1::RejoinMemberRequest* request,
                                                            v1::RejoinMemberResponse* response) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (grpc::Status status = MayAdminister(*call); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  core_->Post([this, reactor, request, response] {
    ensemble_->RejoinMember(request->server(),
                            [reactor, response](absl::StatusOr<uint64_t> engine_id) {
                              if (engine_id.ok()) response->set_engine_id(*engine_id);
                              reactor->Finish(StatusOf(engine_id.status()));
                            });
  });
  return reactor;
}

grpc::ServerUnaryReactor* EnsembleServiceImpl::TransferLeadership(
    Call* call, const v1::TransferLeadershipRequest* request, v1::TransferLeadershipResponse*) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (grpc::Status status = MayAdminister(*call); !status.ok()) {
    reactor->Finish(status);
    return reactor;
  }
  core_->Post([this, reactor, request] {
    ensemble_->TransferLeadership(
        request->server(), [reactor](absl::Status status) { reactor->Finish(StatusOf(status)); });
  });
  return reactor;
}

grpc::ServerWriteReactor<v1::BackUpResponse>* EnsembleServiceImpl::BackUp(
    Call* call, const v1::BackUpRequest*) {
  return NewBackUpReactor(MayAdminister(*call), ensemble_, core_, background_);
}

}  // namespace rookery::frontend
