// The Session call of rookery.v1 as a stream of messages on an executor: bytes are somebody else's
// (gRPC's: pump/grpc_session_stream.h), nothing is decided here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "coordinator/base/network.h"
#include "rookery/v1/coordinator.pb.h"

namespace rookery::client {

// Calls come on the executor, never from inside a method of the stream. A handler may destroy the
// stream inside of a call.
class SessionStreamHandler {
 public:
  virtual ~SessionStreamHandler() = default;
  virtual void OnMessage(v1::SessionResponse message) = 0;
  // The message of the last Write() was handed on: another may follow.
  virtual void OnWritten() = 0;
  // The last call: the stream ended or could not be made.
  virtual void OnEnded(absl::Status why) = 0;
};

// Created, used and destroyed on the executor.
class SessionStream {
 public:
  // Ends the call; no handler call follows.
  virtual ~SessionStream() = default;
  // REQUIRES: the message before, if any, was written.
  virtual void Write(v1::SessionRequest message) = 0;
};

// Begins to connect at once; Write() need not wait for it. `connect_timeout_ms` of 0: the
// transport's own.
using SessionStreamFactory = std::function<std::unique_ptr<SessionStream>(
    const Address& server, int32_t connect_timeout_ms, SessionStreamHandler* handler)>;

}  // namespace rookery::client
