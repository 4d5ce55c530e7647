#include "coordinator/model/error_code.h"

namespace rookery::model {

absl::string_view ErrorName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk:
      return "Ok";
    case ErrorCode::kRuntimeInconsistency:
      return "RuntimeInconsistency";
    case ErrorCode::kConnectionLoss:
      return "ConnectionLoss";
    case ErrorCode::kMarshallingError:
      return "MarshallingError";
    case ErrorCode::kUnimplemented:
      return "Unimplemented";
    case ErrorCode::kOperationTimeout:
      return "OperationTimeout";
    case ErrorCode::kBadArguments:
      return "BadArguments";
    case ErrorCode::kUnknownSession:
      return "UnknownSession";
    case ErrorCode::kNewConfigNoQuorum:
      return "NewConfigNoQuorum";
    case ErrorCode::kReconfigInProgress:
      return "ReconfigInProgress";
    case ErrorCode::kNoNode:
      return "NoNode";
    case ErrorCode::kNoAuth:
      return "NoAuth";
    case ErrorCode::kBadVersion:
      return "BadVersion";
    case ErrorCode::kNoChildrenForEphemerals:
      return "NoChildrenForEphemerals";
    case ErrorCode::kNodeExists:
      return "NodeExists";
    case ErrorCode::kNotEmpty:
      return "NotEmpty";
    case ErrorCode::kSessionExpired:
      return "SessionExpired";
    case ErrorCode::kInvalidAcl:
      return "InvalidACL";
    case ErrorCode::kAuthFailed:
      return "AuthFailed";
    case ErrorCode::kSessionMoved:
      return "SessionMoved";
    case ErrorCode::kNotReadOnly:
      return "NotReadOnly";
    case ErrorCode::kNoWatcher:
      return "NoWatcher";
    case ErrorCode::kReconfigDisabled:
      return "ReconfigDisabled";
    case ErrorCode::kSessionClosedRequireSaslAuth:
      return "SessionClosedRequireSaslAuth";
    case ErrorCode::kQuotaExceeded:
      return "QuotaExceeded";
    case ErrorCode::kThrottledOp:
      return "ThrottledOp";
  }
  return "Unknown";
}

}  // namespace rookery::model
