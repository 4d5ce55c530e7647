// The end of the process for reasons that are nobody's bug: a failed fsync, a corrupt file, a panic
// of the engine. What is in memory can no longer be trusted to reach the disk, so nothing more is
// done.
#pragma once

#include "absl/strings/string_view.h"

namespace rookery {

// Logs the text, flushes the logs and ends the process with status 70 (EX_SOFTWARE). Any thread.
[[noreturn]] void EndProcess(absl::string_view text);

// For many servers in one process, as the simulator has them: called before an end, which it can
// avert by throwing; also before the one of a failed ROOKERY_CHECK, which cannot be averted.
using Ender = void (*)(absl::string_view text, bool failed_check);
void SetEnder(Ender ender);
Ender GetEnder();

}  // namespace rookery
