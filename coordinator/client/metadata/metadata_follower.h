// WatchMetadata over several servers: where one ends, another one goes on from the same place.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/base/network.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::client {

struct FollowOptions {
  std::vector<Address> servers;  // gRPC ports, at least one
  std::string auth;              // "sasl user:password"; empty: nobody
  int64_t timeout_ms = 10000;    // without any server that answers; 0: for ever
  std::string root;              // the cluster's chroot
  std::optional<int64_t> after_zxid;
  bool events_only = true;
};

class MetadataFollower {
 public:
  explicit MetadataFollower(FollowOptions options) : options_(std::move(options)) {}

  // Shows each message until it says that this is enough (false) or Stop() is called, which is OK,
  // or until an error that no other server mends: the server's own, or Unavailable when none has
  // answered for the timeout. A message is shown once, also where it came over another server than
  // the one before. Blocks. REQUIRES: called once.
  absl::Status Run(const std::function<bool(const v1::WatchMetadataResponse&)>& show);
  // Any thread, at any time.
  void Stop();

 private:
  // One call to one server, until it ends.
  absl::Status Watch(const Address& server, const v1::WatchMetadataRequest& request,
                     const std::function<bool(const v1::WatchMetadataResponse&)>& show);
  bool stopped();

  const FollowOptions options_;
  std::mutex mutex_;
  bool stopped_ = false;                    // guarded by mutex_
  grpc::ClientContext* context_ = nullptr;  // of the call under way; guarded by mutex_
};

}  // namespace rookery::client
