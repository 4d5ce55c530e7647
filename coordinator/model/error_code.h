// ZooKeeper's result codes, by their numbers on the wire. Source: zookeeper-protocol 1.7. No code
// is ever invented: clients throw on one they do not know.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace rookery::model {

enum class ErrorCode : int32_t {
  kOk = 0,
  kRuntimeInconsistency = -2,  // inside multi results, after the operation that failed
  kMarshallingError = -5,
  kUnimplemented = -6,
  kBadArguments = -8,
  kUnknownSession = -12,
  kNewConfigNoQuorum = -13,
  kReconfigInProgress = -14,
  kNoNode = -101,
  kNoAuth = -102,
  kBadVersion = -103,
  kNoChildrenForEphemerals = -108,
  kNodeExists = -110,
  kNotEmpty = -111,
  kSessionExpired = -112,
  kInvalidAcl = -114,
  kAuthFailed = -115,
  kSessionMoved = -118,  // never reaches a ZooKeeper client: the connection closes instead
  kNotReadOnly = -119,
  kNoWatcher = -121,
  kReconfigDisabled = -123,
  kSessionClosedRequireSaslAuth = -124,
  kQuotaExceeded = -125,
  kThrottledOp = -127,
  // Client side only, never sent by a server:
  kConnectionLoss = -4,
  kOperationTimeout = -7,
};

// "NoNode", "BadVersion", ...; "Unknown(-77)" style text never occurs: unknown numbers give
// "Unknown".
absl::string_view ErrorName(ErrorCode code);

}  // namespace rookery::model
