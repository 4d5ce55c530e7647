#include <ostream>

#include "coordinator/base/status_macros.h"
#include "tools/rookery/shell/command.h"
#include "tools/rookery/shell/text.h"

namespace rookery::tools::shell {

absl::Status RunStat(Shell& shell, const Arguments& arguments) {
  const std::string& path = arguments.word(0);
  const bool watch = arguments.Has('w');
  const auto result = shell.client.Exists(path, watch ? shell.MakeWatch() : nullptr);
  // A watch on a node that is not there yet waits for it.
  if (!watch || result.error != model::ErrorCode::kNoNode) {
    ROOKERY_RETURN_IF_ERROR(ErrorStatus(result, path));
    shell.out << StatText(result.value.stat);
  } else {
    shell.out << "there is no node " << path << " yet\n";
  }
  if (watch) shell.wait_for_event();
  return absl::OkStatus();
}

}  // namespace rookery::tools::shell
