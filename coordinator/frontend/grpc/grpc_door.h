// The gRPC door: rookery.v1 on grpcPort, with the standard health and reflection services. gRPC
// brings its own threads; each call is taken to the core executor and back.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/identity/identity.h"
#include "coordinator/service/ensemble.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

struct GrpcDoorOptions {
  Address listen;
  int32_t min_session_timeout_ms = 4000;
  int32_t max_session_timeout_ms = 40000;
  IdentityRules identity;
  // Bytes of one message, up or down; larger ones are RESOURCE_EXHAUSTED.
  int32_t message_bytes_max = 4 << 20;
};

class GrpcDoor {
 public:
  // Starts to listen. `scans` runs the disk work of Scan. All pointers outlive the door.
  // AlreadyExists: the address is in use.
  static absl::StatusOr<std::unique_ptr<GrpcDoor>> Open(const GrpcDoorOptions& options,
                                                        Executor* core, BackgroundExecutor* scans,
                                                        service::Service* service,
                                                        service::Ensemble* ensemble);
  virtual ~GrpcDoor() = default;

  // The port that was bound.
  virtual uint16_t port() const = 0;
  // What the health service answers. Any thread.
  virtual void SetServing(bool serving) = 0;
  // Refuses new calls, ends the open ones and waits for them. Not on the core executor, which must
  // still run.
  virtual void Stop() = 0;
};

}  // namespace rookery::frontend
