#include "coordinator/base/stream_end.h"

#include "absl/strings/cord.h"

namespace rookery {
namespace {

constexpr absl::string_view kReset = "rookery.reset";

}  // namespace

bool EndedByOtherSide(const absl::Status& why) {
  return why.ok() || why.GetPayload(kReset).has_value();
}

absl::Status ResetByOtherSide(absl::string_view message) {
  absl::Status status = absl::UnavailableError(message);
  status.SetPayload(kReset, absl::Cord());
  return status;
}

}  // namespace rookery
