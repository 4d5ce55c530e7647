// WatchMetadata over several servers: where one ends, another one goes on from the same place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/network.h"
#include "rookery/v1/metadata.grpc.pb.h"

namespace rookery::tools::events {

struct FollowOptions {
  std::vector<Address> servers;  // gRPC ports, at least one
  std::string auth;              // "sasl user:password"; empty: nobody
  int64_t timeout_ms = 10000;    // without any server that answers
  std::string root;
  std::optional<int64_t> after_zxid;
  bool events_only = true;
};

// Shows each message until it says that this is enough (false), which is OK, or an error that no
// other server mends: the server's own, or Unavailable when none has answered for the timeout. A
// message is shown once, also where it came over another server than the one before.
absl::Status Follow(const FollowOptions& options,
                    const std::function<bool(const v1::WatchMetadataResponse&)>& show);

}  // namespace rookery::tools::events
