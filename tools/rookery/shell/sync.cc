#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunSync(Shell& shell, const Arguments& arguments) {
  return ErrorStatus(shell.client.Sync(arguments.word(0)), arguments.word(0));
}

}  // namespace rookery::tools::shell
