#include "coordinator/frontend/grpc/grpc_door.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/logging.h"
#include "coordinator/frontend/grpc/pump/coordinator_service.h"
#include "coordinator/frontend/grpc/pump/ensemble_service.h"
#include "coordinator/frontend/grpc/pump/metadata_service.h"

namespace rookery::frontend {
namespace {

// Bytes of one message, and room around the largest operation.
constexpr size_t kMessageBytes = 4u << 20;
constexpr size_t kAroundOperationBytes = 64u << 10;
// Open calls get this long to end by themselves once the door closes.
constexpr std::chrono::milliseconds kStopGrace{500};

// gRPC writes lines of its own to standard error; what matters is said by whoever called it.
void LogOfGrpc(gpr_log_func_args* args) {
  LogDebug("gRPC", {{"text", absl::string_view(args->message)}});
}

class Door final : public GrpcDoor {
 public:
  Door(const GrpcDoorOptions& options, Executor* core, BackgroundExecutor* scans,
       service::Service* service, service::Ensemble* ensemble)
      : limits_(options.sessions_per_host_max, options.sessions_max),
        coordinator_(service, core, scans,
                     {.min_session_timeout_ms = options.min_session_timeout_ms,
                      .max_session_timeout_ms = options.max_session_timeout_ms,
                      .identity = options.identity,
                      .request_bytes_max = options.request_bytes_max,
                      .limits = &limits_}),
        ensemble_(ensemble, core, scans, options.identity) {
    if (options.journal == nullptr) return;
    metadata_ = std::make_unique<MetadataServiceImpl>(
        UnaryContext{service, core, options.identity, options.request_bytes_max}, scans,
        options.journal, options.seed);
  }

  absl::Status Start(const GrpcDoorOptions& options) {
    // It prints a line for every message that cannot be read: a stranger could fill the disk. The
    // client is told, and the call is counted as failed.
    google::protobuf::SetLogHandler(nullptr);
    gpr_set_log_function(LogOfGrpc);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    builder.AddListeningPort(options.listen.ToString(), grpc::InsecureServerCredentials(), &port_);
    // Without this two servers may share a port by SO_REUSEPORT and neither would notice.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(static_cast<int>(
        std::max(kMessageBytes, options.request_bytes_max + kAroundOperationBytes)));
    builder.RegisterService(&coordinator_);
    builder.RegisterService(&ensemble_);
    if (metadata_ != nullptr) builder.RegisterService(metadata_.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::AlreadyExistsError(
          absl::StrCat("cannot listen on ", options.listen.ToString(),
                       ": the address is in use or not of this machine; "
                       "grpcPort=none goes without"));
    }
    SetServing(false);
    return absl::OkStatus();
  }

  uint16_t port() const override { return static_cast<uint16_t>(port_); }
  size_t sessions() const override { return limits_.all(); }

  void SetServing(bool serving) override {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    if (health == nullptr) return;
    health->SetServingStatus("", serving);
    health->SetServingStatus(v1::CoordinatorService::service_full_name(), serving);
    if (metadata_ != nullptr) {
      health->SetServingStatus(v1::MetadataService::service_full_name(), serving);
    }
    // It answers without a leader too: that is what it is for.
    health->SetServingStatus(v1::EnsembleService::service_full_name(), true);
  }

  void Stop() override {
    server_->Shutdown(std::chrono::system_clock::now() + kStopGrace);
    server_->Wait();
  }

 private:
  SessionLimits limits_;  // core executor only
  CoordinatorServiceImpl coordinator_;
  EnsembleServiceImpl ensemble_;
  std::unique_ptr<MetadataServiceImpl> metadata_;  // may be null
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcDoor>> GrpcDoor::Open(const GrpcDoorOptions& options,
                                                         Executor* core, BackgroundExecutor* scans,
                                                         service::Service* service,
                                                         service::Ensemble* ensemble) {
  auto door = std::make_unique<Door>(options, core, scans, service, ensemble);
  if (absl::Status status = door->Start(options); !status.ok()) return status;
  return door;
}

}  // namespace rookery::frontend
