// What each request of MetadataService's unary reads is answered, from nodes of one zxid.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "coordinator/frontend/metadata/node_sources.h"
#include "rookery/v1/metadata.pb.h"

namespace rookery::frontend {

// Fill the empty `response`, but for its zxid. `root` is what RootOf says of the request's. What
// the caller may not READ is left out. InvalidArgument: the request cannot be meant.
absl::Status Answer(const v1::ListBrokersRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListBrokersResponse* response);
absl::Status Answer(const v1::ListTopicsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListTopicsResponse* response);
absl::Status Answer(const v1::DescribeTopicsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::DescribeTopicsResponse* response);
absl::Status Answer(const v1::ListConfigsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListConfigsResponse* response);
absl::Status Answer(const v1::ListQuotasRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListQuotasResponse* response);
absl::Status Answer(const v1::ListAclsRequest& request, const std::string& root,
                    PresentNodes& nodes, v1::ListAclsResponse* response);

}  // namespace rookery::frontend
