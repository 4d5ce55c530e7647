// A client by the name of its protocol: what tools use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/base/net/asio_core.h"
#include "coordinator/client/blocking.h"
#include "coordinator/client/client.h"

namespace rookery::client {

enum class Protocol { kZooKeeper, kGrpc };

// "zookeeper" or "grpc"; InvalidArgument otherwise.
absl::StatusOr<Protocol> ParseProtocol(absl::string_view name);

// Where servers listen unless their configuration says otherwise: 2181, and 3181 for gRPC.
uint16_t DefaultPort(Protocol protocol);

// A client on `core`, which outlives it.
absl::StatusOr<std::unique_ptr<Client>> CreateClient(Protocol protocol, AsioCore* core,
                                                     Options options);

// The same with callbacks on an executor of the caller's choice over `core`'s thread.
absl::StatusOr<std::unique_ptr<Client>> CreateClient(Protocol protocol, Executor* executor,
                                                     Network* network, Options options);

// A connected blocking client: `servers` is "host:port,.../chroot" and fills options.servers and
// options.chroot; a seed of 0 is drawn. InvalidArgument: the text is wrong; Unavailable: no server
// answered within `wait_ms`.
absl::StatusOr<std::unique_ptr<BlockingClient>> OpenBlockingClient(Protocol protocol,
                                                                   absl::string_view servers,
                                                                   Options options,
                                                                   int64_t wait_ms);

}  // namespace rookery::client
