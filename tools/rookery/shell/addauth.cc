#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunAddAuth(Shell& shell, const Arguments& arguments) {
  const model::ErrorCode error = shell.client.AddCredential({arguments.word(0), arguments.word(1)});
  return ErrorStatus(error, false, "/");
}

}  // namespace rookery::tools::shell
