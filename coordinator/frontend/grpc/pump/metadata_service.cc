#include "coordinator/frontend/grpc/pump/metadata_service.h"

#include <memory>
#include <utility>

#include "coordinator/frontend/grpc/pump/metadata_streams.h"
#include "coordinator/frontend/metadata/convert.h"
#include "coordinator/frontend/metadata/plan_run.h"
#include "coordinator/frontend/metadata/reads.h"
#include "coordinator/frontend/metadata/writes.h"

namespace rookery::frontend {
namespace {

grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* call, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  reactor->Finish(StatusOf(status));
  return reactor;
}

}  // namespace

// Request and response are gRPC's, and live until the reactor has finished.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* MetadataServiceImpl::Read(Call* call, const Request* request,
                                                    Response* response) {
  absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door_.identity);
  if (!credentials.ok()) return Refuse(call, credentials.status());
  absl::StatusOr<std::string> root = RootOf(request->root());
  if (!root.ok()) return Refuse(call, root.status());
  Unary* reactor = call->DefaultReactor();
  door_.core->Post([service = door_.service, request, response, reactor, root = *std::move(root),
                    credentials = *std::move(credentials)]() mutable {
    if (!service->Serving()) {
      reactor->Finish(StatusOf(absl::UnavailableError(
          "this server is not serving: it has no contact to a leader; try another server")));
      return;
    }
    auto status = std::make_shared<absl::Status>();
    service->ReadTogether(
        std::move(credentials),
        [request, response, status, root = std::move(root)](service::Service::Reads& reads) {
          PresentNodes nodes(&reads, kNodesOfOneCallMax);
          response->Clear();
          *status = CheckCluster(root, nodes);
          if (status->ok()) *status = Answer(*request, root, nodes, response);
        },
        [response, status, reactor](const absl::StatusOr<model::Zxid>& zxid) {
          if (!zxid.ok()) return reactor->Finish(StatusOf(zxid.status()));
          if (!status->ok()) return reactor->Finish(StatusOf(*status));
          response->set_zxid(*zxid);
          reactor->Finish(grpc::Status::OK);
        });
  });
  return reactor;
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* MetadataServiceImpl::Write(Call* call, const Request* request,
                                                     Response* response) {
  absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door_.identity);
  if (!credentials.ok()) return Refuse(call, credentials.status());
  absl::StatusOr<MakePlan> plan = PlanOf(*request, &random_);
  if (!plan.ok()) return Refuse(call, plan.status());
  PlanRules rules{.root = *RootOf(request->root()),
                  .credentials = *std::move(credentials),
                  .request_bytes_max = door_.request_bytes_max};
  Unary* reactor = call->DefaultReactor();
  door_.core->Post([service = door_.service, response, reactor, rules = std::move(rules),
                    plan = *std::move(plan)]() mutable {
    RunPlan(service, std::move(rules), std::move(plan),
            [response, reactor](const absl::StatusOr<model::Zxid>& zxid) {
              if (!zxid.ok()) return reactor->Finish(StatusOf(zxid.status()));
              response->set_zxid(*zxid);
              reactor->Finish(grpc::Status::OK);
            });
  });
  return reactor;
}

#define ROOKERY_METADATA_CALL(Kind, Method)                                             \
  grpc::ServerUnaryReactor* MetadataServiceImpl::Method(                                \
      Call* call, const v1::Method##Request* request, v1::Method##Response* response) { \
    return Kind(call, request, response);                                               \
  }
ROOKERY_METADATA_CALL(Read, ListBrokers)
ROOKERY_METADATA_CALL(Read, ListTopics)
ROOKERY_METADATA_CALL(Read, DescribeTopics)
ROOKERY_METADATA_CALL(Read, ListConfigs)
ROOKERY_METADATA_CALL(Read, ListQuotas)
ROOKERY_METADATA_CALL(Read, ListAcls)
ROOKERY_METADATA_CALL(Write, CreateTopic)
ROOKERY_METADATA_CALL(Write, AddPartitions)
ROOKERY_METADATA_CALL(Write, DeleteTopic)
ROOKERY_METADATA_CALL(Write, AlterConfig)
ROOKERY_METADATA_CALL(Write, AlterQuota)
ROOKERY_METADATA_CALL(Write, AlterAcls)
ROOKERY_METADATA_CALL(Write, ReassignPartitions)
ROOKERY_METADATA_CALL(Write, ElectPreferredLeaders)
#undef ROOKERY_METADATA_CALL

grpc::ServerWriteReactor<v1::ReadClusterResponse>* MetadataServiceImpl::ReadCluster(
    Call* call, const v1::ReadClusterRequest* request) {
  return NewReadClusterReactor(call, *request, door_, background_);
}

grpc::ServerWriteReactor<v1::WatchMetadataResponse>* MetadataServiceImpl::WatchMetadata(
    Call* call, const v1::WatchMetadataRequest* request) {
  return NewWatchMetadataReactor(call, *request, door_, background_, journal_);
}

}  // namespace rookery::frontend
