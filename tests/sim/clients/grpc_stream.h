// The client's side of simulated gRPC: Session calls for the product's client, and unary calls.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/client/client.h"
#include "coordinator/client/grpc/session_stream.h"
#include "coordinator/model/reply.h"

namespace rookery::sim {

// Executor and network outlive the streams.
client::SessionStreamFactory SimGrpcStreams(Executor* executor, Network* network);

// One operation without a session. `done` comes in a task, once, unless the call is destroyed
// before. Unavailable: it may have been applied.
class SimUnaryCall {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<model::Reply>)>;
  virtual ~SimUnaryCall() = default;
  static std::unique_ptr<SimUnaryCall> Start(Network* network, const Address& server,
                                             const client::Operation& operation, bool linearizable,
                                             int64_t timeout_us, Done done);
};

}  // namespace rookery::sim
