// Watch: follows nodes for as long as the call lasts.
#pragma once

#include "coordinator/frontend/grpc/pump/unary.h"

namespace rookery::frontend {

// What is returned owns itself.
grpc::ServerWriteReactor<v1::WatchResponse>* NewWatchReactor(grpc::CallbackServerContext* call,
                                                             const v1::WatchRequest& request,
                                                             const UnaryContext& door);

}  // namespace rookery::frontend
