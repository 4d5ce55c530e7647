// The same cluster over gRPC's MetadataService: one call, all of it at one zxid.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/base/network.h"
#include "tools/rookery/metadata/cluster.h"

namespace rookery::tools::metadata {

struct TypedRead {
  std::vector<Address> servers;  // gRPC ports, at least one; asked in turn
  std::string root;              // the cluster's chroot
  std::string auth;              // "sasl user:password"; empty: nobody
  int64_t timeout_ms = 10000;    // without any server that answers
};

// NotFound: no cluster there; PermissionDenied: some of it may not be read; Unimplemented: a server
// of an older version; Unavailable: none answers.
absl::StatusOr<Cluster> ReadTypedCluster(const TypedRead& read);

}  // namespace rookery::tools::metadata
