// What an operation of a client came to.
#pragma once

#include "absl/functional/any_invocable.h"
#include "coordinator/model/error_code.h"
#include "coordinator/model/ids.h"

namespace rookery::client {

template <typename Value>
struct Result {
  model::ErrorCode error = model::ErrorCode::kOk;
  // With ConnectionLoss and OperationTimeout: the request had left, so a write may have been
  // applied or may still be. False: it was not and will not be.
  bool maybe_applied = false;
  model::Zxid zxid = 0;  // of the server's answer, 0 without one
  Value value;           // means something if ok()

  bool ok() const { return error == model::ErrorCode::kOk; }
};

template <typename Value>
using Done = absl::AnyInvocable<void(Result<Value>)>;

}  // namespace rookery::client
