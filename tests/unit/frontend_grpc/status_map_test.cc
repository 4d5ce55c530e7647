#include "coordinator/frontend/grpc/status_map.h"

#include <gtest/gtest.h>

#include <map>

namespace rookery::frontend {
namespace {

using grpc::StatusCode;
using model::ErrorCode;

// docs/grpc.md prints this table.
TEST(StatusMapTest, IsTheTableOfTheDocument) {
  const std::map<ErrorCode, StatusCode> refusals = {
      {ErrorCode::kNoAuth, StatusCode::PERMISSION_DENIED},
      {ErrorCode::kAuthFailed, StatusCode::UNAUTHENTICATED},
      {ErrorCode::kBadArguments, StatusCode::INVALID_ARGUMENT},
      {ErrorCode::kInvalidAcl, StatusCode::INVALID_ARGUMENT},
      {ErrorCode::kMarshallingError, StatusCode::INVALID_ARGUMENT},
      {ErrorCode::kQuotaExceeded, StatusCode::RESOURCE_EXHAUSTED},
      {ErrorCode::kUnimplemented, StatusCode::UNIMPLEMENTED},
  };
  for (const auto& [error, code] : refusals) {
    EXPECT_EQ(StatusOf(error).error_code(), code) << model::ErrorName(error);
    EXPECT_EQ(StatusOf(error).error_message(), model::ErrorName(error));
  }
  // What a caller works with: the response would be lost behind another status.
  for (const ErrorCode error :
       {ErrorCode::kOk, ErrorCode::kNoNode, ErrorCode::kBadVersion, ErrorCode::kNodeExists,
        ErrorCode::kNotEmpty, ErrorCode::kNoChildrenForEphemerals,
        ErrorCode::kRuntimeInconsistency}) {
    EXPECT_TRUE(StatusOf(error).ok()) << model::ErrorName(error);
  }
}

TEST(StatusMapTest, KeepsTheCodesOfTransport) {
  EXPECT_EQ(StatusOf(absl::UnavailableError("x")).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(StatusOf(absl::ResourceExhaustedError("x")).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(StatusOf(absl::FailedPreconditionError("why")).error_message(), "why");
  EXPECT_TRUE(StatusOf(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace rookery::frontend
