#include "coordinator/client/grpc/grpc_client.h"

#include <utility>

#include "coordinator/client/grpc/grpc_link.h"
#include "coordinator/client/grpc/pump/grpc_session_stream.h"
#include "coordinator/client/session_client.h"

namespace rookery::client {

std::unique_ptr<Client> CreateGrpcClient(Executor* executor, const Clock* clock, Options options) {
  return std::make_unique<SessionClient>(
      executor, clock,
      [executor](const Address& server, LinkHandler* handler) {
        return std::make_unique<GrpcLink>(
            executor,
            [executor](const Address& to, int32_t connect_timeout_ms, SessionStreamHandler* of) {
              return OpenGrpcSessionStream(executor, to, connect_timeout_ms, of);
            },
            server, handler);
      },
      std::move(options));
}

}  // namespace rookery::client
