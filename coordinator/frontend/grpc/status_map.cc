#include "coordinator/frontend/grpc/status_map.h"

#include "absl/strings/str_cat.h"

namespace rookery::frontend {
namespace {

grpc::Status Named(grpc::StatusCode code, model::ErrorCode error) {
  const absl::string_view name = model::ErrorName(error);
  return grpc::Status(code, std::string(name));
}

}  // namespace

grpc::Status StatusOf(model::ErrorCode error) {
  switch (error) {
    case model::ErrorCode::kNoAuth:
      return Named(grpc::StatusCode::PERMISSION_DENIED, error);
    case model::ErrorCode::kAuthFailed:
    case model::ErrorCode::kSessionClosedRequireSaslAuth:
      return Named(grpc::StatusCode::UNAUTHENTICATED, error);
    case model::ErrorCode::kBadArguments:
    case model::ErrorCode::kInvalidAcl:
    case model::ErrorCode::kMarshallingError:
      return Named(grpc::StatusCode::INVALID_ARGUMENT, error);
    case model::ErrorCode::kQuotaExceeded:
    case model::ErrorCode::kThrottledOp:
      return Named(grpc::StatusCode::RESOURCE_EXHAUSTED, error);
    case model::ErrorCode::kUnimplemented:
      return Named(grpc::StatusCode::UNIMPLEMENTED, error);
    default:
      return grpc::Status::OK;
  }
}

// The numbers of both enumerations are the same by design of Abseil.
grpc::Status StatusOf(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

}  // namespace rookery::frontend
