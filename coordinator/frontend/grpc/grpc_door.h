// The gRPC door: rookery.v1 on grpcPort, with the standard health and reflection services. gRPC
// brings its own threads; each call is taken to the core executor and back.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/identity/identity.h"
#include "coordinator/kafka/journal.h"
#include "coordinator/service/ensemble.h"
#include "coordinator/service/service.h"

namespace rookery::frontend {

struct GrpcDoorOptions {
  Address listen;
  int32_t min_session_timeout_ms = 4000;
  int32_t max_session_timeout_ms = 40000;
  IdentityRules identity;
  // Bytes of one operation: jute.maxbuffer. A message may hold many of them, up to 4 MiB or one of
  // the largest. What is larger is RESOURCE_EXHAUSTED.
  size_t request_bytes_max = 0xfffff;
  // Session streams, from one host and in all: maxClientCnxns and maxCnxns; 0: no limit.
  uint32_t sessions_per_host_max = 60;
  uint32_t sessions_max = 0;
  // What WatchMetadata's streams are told from, core executor only; outlives the door. Null: there
  // is no MetadataService.
  kafka::MetadataJournal* journal = nullptr;
  uint64_t seed = 0;  // for the placement of new topics
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
  // Open Session streams. Core executor only.
  virtual size_t sessions() const = 0;
  // What the health service answers. Any thread.
  virtual void SetServing(bool serving) = 0;
  // Refuses new calls, ends the open ones and waits for them. Not on the core executor, which must
  // still run.
  virtual void Stop() = 0;
};

}  // namespace rookery::frontend
