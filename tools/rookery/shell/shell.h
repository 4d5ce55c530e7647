// The shell: one command, or a prompt for many.
#pragma once

#include <string>
#include <vector>

#include "tools/rookery/shell/command.h"
#include "tools/rookery/subcommand.h"

namespace rookery::tools::shell {

// Connects, runs `command` with `words`, closes the session. The exit status.
int RunOnce(const GlobalOptions& global, const Command& command,
            const std::vector<std::string>& words);

// Reads commands from standard input until `quit` or its end: with a prompt, history
// ($ROOKERY_HISTORY, ~/.rookery_history) and completion on a terminal, else plainly. The exit
// status is that of the last command that failed.
int RunInteractive(const GlobalOptions& global);

}  // namespace rookery::tools::shell
