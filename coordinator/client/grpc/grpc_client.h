// A client that speaks rookery.v1, to Rookery alone.
#pragma once

#include <memory>

#include "coordinator/base/clock.h"
#include "coordinator/base/executor.h"
#include "coordinator/client/client.h"

namespace rookery::client {

// The executor and the clock outlive the client. options.servers are the addresses of gRPC ports.
// REQUIRES: options.servers is not empty.
std::unique_ptr<Client> CreateGrpcClient(Executor* executor, const Clock* clock, Options options);

}  // namespace rookery::client
