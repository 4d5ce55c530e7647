// Moves the messages of one Session stream between gRPC's threads and its connection on the core.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "coordinator/base/executor.h"
#include "coordinator/frontend/grpc/session_connection.h"
#include "rookery/v1/coordinator.grpc.pb.h"

namespace rookery::frontend {

// Starts serving a stream; what is returned owns itself.
grpc::ServerBidiReactor<v1::SessionRequest, v1::SessionResponse>* NewSessionReactor(
    grpc::CallbackServerContext* context, service::Service* service, Executor* core,
    const GrpcSessionRules& rules);

}  // namespace rookery::frontend
