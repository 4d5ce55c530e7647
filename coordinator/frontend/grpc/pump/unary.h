// Unary calls of CoordinatorService: one operation each, without a session.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/base/executor.h"
#include "coordinator/frontend/grpc/convert.h"
#include "coordinator/frontend/grpc/pump/call_facts.h"
#include "coordinator/frontend/grpc/status_map.h"
#include "coordinator/service/service.h"
#include "rookery/v1/coordinator.pb.h"

namespace rookery::frontend {

// What unary calls need of the door. Core executor's objects are touched there alone.
struct UnaryContext {
  service::Service* service;
  Executor* core;
  IdentityRules identity;
  size_t request_bytes_max;  // of one write
};

// Runs `start` on the core executor with the caller's credentials, once this server serves; it gets
// a callback that fills `result` and finishes the call.
template <typename Start>
grpc::ServerUnaryReactor* RunUnary(const UnaryContext& door, grpc::CallbackServerContext* call,
                                   v1::Result* result, Start start) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  absl::StatusOr<model::Credentials> credentials = CallCredentials(*call, door.identity);
  if (!credentials.ok()) {
    reactor->Finish(StatusOf(credentials.status()));
    return reactor;
  }
  door.core->Post([service = door.service, reactor, result, start = std::move(start),
                   credentials = *std::move(credentials)]() mutable {
    if (!service->Serving()) {
      reactor->Finish(StatusOf(absl::UnavailableError(
          "this server is not serving: it has no contact to a leader; try another server")));
      return;
    }
    start(service, std::move(credentials), [reactor, result](absl::StatusOr<model::Reply> reply) {
      if (!reply.ok()) {
        reactor->Finish(StatusOf(reply.status()));
        return;
      }
      const grpc::Status status = StatusOf(reply->error);
      ToProto(*std::move(reply), result);
      reactor->Finish(status);
    });
  });
  return reactor;
}

// `bytes` is the size of the request.
inline grpc::ServerUnaryReactor* RunWrite(const UnaryContext& door,
                                          grpc::CallbackServerContext* call, size_t bytes,
                                          v1::Result* result, model::WriteOperation operation) {
  if (bytes > door.request_bytes_max) {
    grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
    reactor->Finish(StatusOf(absl::ResourceExhaustedError(absl::StrCat(
        "a request of ", bytes, " bytes, and jute.maxbuffer allows ", door.request_bytes_max))));
    return reactor;
  }
  return RunUnary(
      door, call, result,
      [operation = std::move(operation)](service::Service* service, model::Credentials credentials,
                                         service::Service::OnReply done) mutable {
        service->WriteOnce(std::move(credentials), std::move(operation), std::move(done));
      });
}

inline grpc::ServerUnaryReactor* RunRead(const UnaryContext& door,
                                         grpc::CallbackServerContext* call, v1::Result* result,
                                         model::ReadOperation operation,
                                         v1::Consistency consistency) {
  const bool linearizable = consistency == v1::CONSISTENCY_LINEARIZABLE;
  return RunUnary(door, call, result,
                  [operation = std::move(operation), linearizable](
                      service::Service* service, model::Credentials credentials,
                      service::Service::OnReply done) mutable {
                    service->ReadOnce(std::move(credentials), std::move(operation), linearizable,
                                      std::move(done));
                  });
}

}  // namespace rookery::frontend
