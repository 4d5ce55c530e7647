// The end of the process for reasons that are nobody's bug: a failed fsync, a corrupt file, a panic
// of the engine. What is in memory can no longer be trusted to reach the disk, so nothing more is
// done.
#pragma once

#include "absl/strings/string_view.h"

namespace rookery {

// Logs the text, flushes the logs and ends the process with status 70 (EX_SOFTWARE). Any thread.
[[noreturn]] void EndProcess(absl::string_view text);

}  // namespace rookery
