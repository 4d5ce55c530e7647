// How a stream ended: StreamHandler::OnClosed says why, this says whose doing it was.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rookery {

// Whether `why` of an OnClosed is the other side's doing: an orderly end, or a reset, which the
// system of a process that died sends instead if something was unread. What a network or its
// silence does is not.
bool EndedByOtherSide(const absl::Status& why);

// Unavailable, for which EndedByOtherSide holds.
absl::Status ResetByOtherSide(absl::string_view message);

}  // namespace rookery
