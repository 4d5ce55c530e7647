#include "coordinator/client/answer.h"

namespace rookery::client {
namespace {

using model::ErrorCode;

// The error that made a multi fail, Ok if none did.
ErrorCode ErrorOf(const model::MultiReply& reply) {
  for (const model::MultiReply::Part& part : reply.parts) {
    if (part.error != ErrorCode::kOk && part.error != ErrorCode::kRuntimeInconsistency) {
      return part.error;
    }
  }
  return ErrorCode::kOk;
}

void Tell(Done<model::ReplyBody>* done, Result<model::ReplyBody>&& result) {
  (*done)(std::move(result));
}

template <typename Value>
void Tell(Done<Value>* done, Result<model::ReplyBody>&& result) {
  Result<Value> typed{result.error, result.maybe_applied, result.zxid, {}};
  if (Value* value = std::get_if<Value>(&result.value)) {
    typed.value = std::move(*value);
  } else if (typed.ok()) {
    typed.error = ErrorCode::kMarshallingError;
  }
  if constexpr (std::is_same_v<Value, model::MultiReply>) {
    if (typed.ok()) typed.error = ErrorOf(typed.value);
  }
  (*done)(std::move(typed));
}

}  // namespace

void Answer::operator()(Result<model::ReplyBody>&& result) {
  std::visit([&result](auto& done) { Tell(&done, std::move(result)); }, done_);
}

}  // namespace rookery::client
