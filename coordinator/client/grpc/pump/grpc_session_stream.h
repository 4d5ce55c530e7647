// Session calls over gRPC, which has threads of its own: each of its callbacks is taken to the
// executor.
#pragma once

#include <cstdint>
#include <memory>

#include "coordinator/base/executor.h"
#include "coordinator/client/grpc/session_stream.h"

namespace rookery::client {

// The executor outlives the stream.
std::unique_ptr<SessionStream> OpenGrpcSessionStream(Executor* executor, const Address& server,
                                                     int32_t connect_timeout_ms,
                                                     SessionStreamHandler* handler);

}  // namespace rookery::client
