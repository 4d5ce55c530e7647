// The administration port: a small HTTP server over the network seam.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "coordinator/base/executor.h"
#include "coordinator/base/network.h"
#include "coordinator/frontend/http/http_connection.h"

namespace rookery::frontend {

struct HttpDoorOptions {
  Address listen;
  // Further connections are closed at once.
  size_t connections_max = 100;
  // A connection without a request for this long is closed (admin.idleTimeout).
  int64_t idle_timeout_us = 30'000'000;
};

// Core executor only.
class HttpDoor {
 public:
  // Starts to listen. `core` and `network` outlive the door. AlreadyExists: the address is in use.
  static absl::StatusOr<std::unique_ptr<HttpDoor>> Open(HttpDoorOptions options, Executor* core,
                                                        Network* network, HttpRouter router);
  virtual ~HttpDoor() = default;
  virtual Address local() const = 0;
};

}  // namespace rookery::frontend
