// How a unary call's result shows in gRPC's status. gRPC drops the response when the status is not
// OK, so answers that a caller works with (a version that moved on, a node that is missing) stay
// results, and refusals become statuses with the code's name as their message. docs/grpc.md prints
// this table.
//
//   OK, NO_NODE, BAD_VERSION, NODE_EXISTS, NOT_EMPTY,
//   NO_CHILDREN_FOR_EPHEMERALS, and a failed multi       OK, the code is in Result.error
//   NO_AUTH                                              PERMISSION_DENIED
//   AUTH_FAILED                                          UNAUTHENTICATED
//   BAD_ARGUMENTS, INVALID_ACL, MARSHALLING_ERROR        INVALID_ARGUMENT
//   QUOTA_EXCEEDED                                       RESOURCE_EXHAUSTED
//   UNIMPLEMENTED                                        UNIMPLEMENTED
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "coordinator/model/error_code.h"

namespace rookery::frontend {

grpc::Status StatusOf(model::ErrorCode error);
grpc::Status StatusOf(const absl::Status& status);

}  // namespace rookery::frontend
